// The search for the best knobs of one kernel.
#pragma once
#include "tune/call_set.h"
#include "tune/kernel_list.h"
#include <functional>

namespace unet {

/// Knobs that were tried.
struct Trial {
    KnobValues knobs;
    double gain = 0;           ///< over the best before it; 0.05: 5 % faster
    bool taken = false;        ///< it became the best
    std::string refused = {};  ///< why it cannot be used; empty when it can
};

/// What is known of a kernel so far.
struct KernelFindings {
    std::string kernel;
    KnobValues before = {}, after = {};            ///< those of generic.txt, the best
    double seconds_before = 0, seconds_after = 0;  ///< of all calls; 0: not measured
    std::vector<Trial> trials = {};
    bool finished = false;  ///< no knob gives more

    double gain() const { return seconds_after > 0 ? seconds_before / seconds_after - 1 : 0; }
    bool changed() const { return after != before; }
    bool tried(const KnobValues &knobs) const;
};

/// A smaller gain is not told from noise.
constexpr double least_gain = 0.01;

class KernelSearch {
public:
    /// `halide_target`: what is compiled for. Keeps references.
    KernelSearch(const KernelEntry &kernel, const std::string &halide_target, const std::vector<CountedCall> &calls,
                 KernelFindings &findings);

    /// The time of the kernel as it is.
    void measure();

    /// Tries one group of knobs after the other around the best so far, until no change is faster. What was tried
    /// before is not tried again. `may_go_on` is asked before each trial, `tell` told after it.
    void search(const std::vector<KnobChoices> &choices, const std::function<bool()> &may_go_on,
                const std::function<void(const Trial &)> &tell);

    /// Measures the best, if it is another one, against the beginning once more, and goes back to it where that is no
    /// slower.
    void settle();

private:
    bool try_group(const KnobChoices &group, const std::function<bool()> &may_go_on,
                   const std::function<void(const Trial &)> &tell);
    Trial trial_of(const KnobValues &knobs);

    const KernelEntry &kernel_;
    std::string halide_target_;
    KernelFindings &findings_;
    std::unique_ptr<JitKernel> before_, best_;
    CallSet calls_;
    std::string bytes_;
};

}  // namespace unet
