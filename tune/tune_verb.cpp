#include "tune/tune_verb.h"
#include "pipeline/shared_options.h"
#include "tune/tune.h"
#include "tune/tuned_device.h"
#include <memory>

namespace unet {

namespace {

constexpr double most_minutes = 7 * 24 * 60;

std::function<void()> declare_tune(OptionTable &table) {
    auto o = std::make_shared<TuneOptions>();
    declare_network(table, o->architecture, o->tile);
    table.add(
        "device", "cpu|opencl[:I]|cuda[:I]",
        "whose kernels are tuned. I: the number of a device, from 0. Of a device, whole networks are not compared: "
        "`unetflow bench --device` of two builds does that (default cpu)",
        [o](const std::string &text) { o->device = parse_tuned_device(text); });
    table.number("minutes", "N", "to measure and search; comparing the whole network comes on top, a minute or so",
                 o->minutes, 0.01, most_minutes);
    table.flag("skip-training", "tunes for inference only", o->training, false);
    table.text("output", "FILE",
               "the profile (default: schedules/profiles/MACHINE-TARGET.txt, or without that folder "
               "MACHINE-TARGET.txt; of a device, MACHINE is its name)",
               o->output);
    table.text("report", "FILE", "an HTML page about the run (default: OUTPUT's stem + .report.html)", o->report);
    table.list("kernels", "NAME...", "only these, as in CMakeLists.txt (default: all that have knobs)", o->kernels);
    table.flag("overwrite", "replaces a profile that exists", o->overwrite);
    table.flag("restart", "measures all anew, whatever an earlier run has left", o->restart);
    table.flag("quiet", "nothing on stderr but errors", o->quiet);
    return [o] { run_tune(*o); };
}

}  // namespace

const Verb &tune_verb() {
    static const Verb verb{
        "unetflow-tune", "finds the numbers with which the kernels are fastest on this machine or a device of it",
        "Runs a network once, takes down which kernels it calls with which shapes, and compiles these kernels with "
        "other\n"
        "numbers of channels, pixels and rows for one register tile or task: one candidate after the other against the "
        "best\n"
        "so far, in turn, on threads that stay on their processors. What is faster, and gives the same bytes, goes "
        "into a\n"
        "profile, from which a build takes it: cmake --preset tuned. A run that was stopped or killed goes on when the "
        "same\n"
        "command is given again. Nothing else should run on the machine meanwhile. With --device, the program that has "
        "the\n"
        "schedules for it goes on: unetflow-tune-opencl or unetflow-tune-cuda, beside this one.",
        "  unetflow-tune --width 32 --minutes 20\n"
        "  unetflow-tune --width 64 --tile 700 --threads 8 --minutes 60 --output schedules/profiles/node.txt\n"
        "  unetflow-tune --device cuda --width 64 --minutes 60",
        declare_tune};
    return verb;
}

}  // namespace unet
