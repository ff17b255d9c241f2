// The programs unetflow-tune, unetflow-tune-opencl, unetflow-tune-cuda. UNETFLOW_TUNES: what their schedules are for.
#include "pipeline/program.h"
#include "pipeline/threads.h"
#include "tune/tune_verb.h"
#include "tune/tuned_device.h"

int main(int count, char **arguments) {
    unet::set_schedules_here(UNETFLOW_TUNES);
    return unet::run_program("unetflow-tune", [&] {
        const unet::Command command = unet::parse_options(unet::tune_verb(), {arguments + 1, arguments + count});
        unet::run_command(command, [] { return unet::default_threads(); });
    });
}
