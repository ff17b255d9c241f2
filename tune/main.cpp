// unetflow-tune: the program.
#include "pipeline/program.h"
#include "pipeline/threads.h"
#include "tune/tune_verb.h"

int main(int count, char **arguments) {
    return unet::run_program("unetflow-tune", [&] {
        const unet::Command command = unet::parse_options(unet::tune_verb(), {arguments + 1, arguments + count});
        unet::run_command(command, [] { return unet::default_threads(); });
    });
}
