// unetflow-tune: the program.
#include "pipeline/program.h"
#include "tune/tune_verb.h"

int main(int count, char **arguments) {
    return unet::run_program("unetflow-tune", [&] {
        return unet::parse_options(unet::tune_verb(), {arguments + 1, arguments + count});
    });
}
