#include "tune/profile.h"
#include <fmt/format.h>

namespace unet {

namespace {

std::string times_text(const char *what, const InTurn &times) {
    return fmt::format("{} {:.2f} to {:.2f} ms ({})", what, 1e3 * times.first, 1e3 * times.second,
                       percent_text(times.gain()));
}

}  // namespace

std::string percent_text(double gain) { return fmt::format("{:.1f} %", 100 * gain); }

std::string not_compared_text(const ProfileHead &head) {
    return "not compared, as kernels that the tuner compiles cannot work in a network's memory on a device; `unetflow "
           "bench --device " +
           head.device + "` of the builds without this profile and with it does";
}

std::string profile_text(const ProfileHead &head, const Findings &findings) {
    std::string text =
        "# Knobs of the schedules that are faster on one kind of machine than those of generic.txt, which count for\n"
        "# kernels without a line. By unetflow-tune; results do not depend on them.\n";
    text += "# machine: " + head.machine + "\n# measured: " + head.measured + "\n";
    text += "# network: " +
            (head.network.compared() ? times_text("inference", head.network.inference) : not_compared_text(head));
    if (head.network.training.first > 0) text += ", " + times_text("training step", head.network.training);
    text += "\n# kernel, target, knobs   # milliseconds with generic.txt and with these, gain\n";
    for (const KernelFindings &kernel : findings.kernels)
        if (kernel.changed())
            text += fmt::format("{:<38} {:<7} {:<30} # {:.3f} to {:.3f} ms, {}\n", kernel.kernel, head.target,
                                knobs_text(kernel.after), 1e3 * kernel.seconds_before, 1e3 * kernel.seconds_after,
                                percent_text(kernel.gain()));
    return text;
}

}  // namespace unet
