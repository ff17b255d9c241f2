// Candidates for the kernels of devices, of an op each the first kernel that a small network runs.
#pragma once
#include "pipeline/bench_runs.h"
#include "tests/families.h"
#include "tune/call_set.h"
#include "tune/kernel_list.h"
#include <set>

namespace unet::test {

constexpr int device_input = 108;
inline const Architecture device_net{.width = 16, .depth = 2},
    averaging_net{.width = 16, .depth = 2, .pooling = Pooling::average};

/// A kernel that has knobs, and its calls.
struct TunedOp {
    const KernelEntry *kernel;
    std::vector<CountedCall> calls;
    std::vector<KnobChoices> choices;
};

/// Those of an inference and a training step on OpenCL's device, with what the schedules of `family` may be given.
/// `only`: ops; empty: all.
inline std::vector<TunedOp> tuned_ops(const Kernels &opencl, const std::string &family,
                                      const std::set<std::string> &only) {
    const UseKernels used(opencl);
    const auto calls = record_calls(kernels(), [] {
        InferenceRun(device_net, device_input)();
        TrainingRun(device_net, device_input, UNet::Use::training)();
        TrainingRun(averaging_net, device_input, UNet::Use::training)();
    });
    std::vector<TunedOp> ops;
    std::set<std::string> seen;
    for (size_t i = 0; i < calls.size(); i++) {
        const KernelEntry &kernel = kernel_list()[i];
        const auto choices = choices_of(kernel, family == "cuda" ? "host-cuda" : std::string(opencl.halide_target));
        if (calls[i].empty() || choices.empty()) continue;
        if (family == "cuda" && choices == device_knob_choices(kernel.op, "gpu")) continue;  // gpu's own schedule
        if ((only.empty() || only.contains(kernel.op)) && seen.insert(kernel.op).second)
            ops.push_back({&kernel, calls[i], choices});
    }
    return ops;
}

/// Runs every candidate with PoCL, and checks that it writes the bytes of the default. Returns how many there were.
inline size_t compare_candidates(const Kernels &opencl, const std::string &family,
                                 const std::set<std::string> &only = {}) {
    const std::string target(opencl.halide_target);
    size_t compared = 0;
    for (const TunedOp &op : tuned_ops(opencl, family, only)) {
        const auto before = compile(*op.kernel, target, {});
        CallSet calls(op.calls, before->outputs());
        const std::string expected = calls.bytes(*before);
        for (const KnobChoices &group : op.choices)
            for (const KnobValues &knobs : group) {
                CAPTURE(op.kernel->name, family, knobs_text(knobs));
                CHECK(calls.bytes(*compile(*op.kernel, target, knobs)) == expected);
                compared++;
            }
    }
    return compared;
}

}  // namespace unet::test
