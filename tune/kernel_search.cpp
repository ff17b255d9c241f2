#include "tune/kernel_search.h"
#include "src/base/error.h"
#include <algorithm>

namespace unet {

namespace {

constexpr int rounds = 7, rounds_to_confirm = 15;

/// `knobs` with some exchanged.
KnobValues with(KnobValues knobs, const KnobValues &some) {
    for (const auto &[name, value] : some) knobs[name] = value;
    return knobs;
}

}  // namespace

bool KernelFindings::tried(const KnobValues &knobs) const {
    return std::any_of(trials.begin(), trials.end(), [&](const Trial &trial) { return trial.knobs == knobs; });
}

KernelSearch::KernelSearch(const KernelEntry &kernel, const std::string &halide_target,
                           const std::vector<CountedCall> &calls, KernelFindings &findings)
    : kernel_(kernel), halide_target_(halide_target), findings_(findings),
      before_(compile(kernel, halide_target, findings.before)), calls_(calls, before_->outputs()),
      bytes_(calls_.bytes(*before_)) {}

void KernelSearch::measure() {
    findings_.seconds_before = findings_.seconds_after = calls_.time(*before_, *before_, 3).first;
}

Trial KernelSearch::trial_of(const KnobValues &knobs) {
    Trial trial;
    trial.knobs = knobs;
    try {
        auto candidate = compile(kernel_, halide_target_, knobs);
        if (calls_.bytes(*candidate) != bytes_) throw Error(Exit::data, "other bytes than the default");
        trial.gain = calls_.time(*best_, *candidate, rounds).gain();
        // The best of many looks better than it is: once more.
        if (trial.gain >= least_gain) trial.gain = calls_.time(*best_, *candidate, rounds_to_confirm).gain();
        trial.taken = trial.gain >= least_gain;
        if (trial.taken) best_ = std::move(candidate);
    } catch (const Error &error) {
        if (error.code != Exit::data) throw;
        trial.refused = error.what();
    }
    return trial;
}

bool KernelSearch::try_group(const KnobChoices &group, const std::function<bool()> &may_go_on,
                             const std::function<void(const Trial &)> &tell) {
    bool better = false;
    for (const KnobValues &choice : group) {
        const KnobValues knobs = with(findings_.after, choice);
        if (knobs == findings_.after || findings_.tried(knobs)) continue;
        if (!may_go_on()) return better;
        findings_.trials.push_back(trial_of(knobs));
        if (findings_.trials.back().taken) findings_.after = knobs, better = true;
        tell(findings_.trials.back());
    }
    return better;
}

void KernelSearch::search(const std::vector<KnobChoices> &choices, const std::function<bool()> &may_go_on,
                          const std::function<void(const Trial &)> &tell) {
    best_ = compile(kernel_, halide_target_, findings_.after);
    for (bool better = true; better && may_go_on();) {
        better = false;
        for (const KnobChoices &group : choices) better |= try_group(group, may_go_on, tell);
    }
    findings_.finished = may_go_on();
}

void KernelSearch::settle() {
    if (!findings_.changed()) return;  // the same kernel twice: what differed would be noise
    const auto after = compile(kernel_, halide_target_, findings_.after);
    const InTurn times = calls_.time(*before_, *after, rounds_to_confirm);
    findings_.seconds_before = times.first, findings_.seconds_after = times.second;
    if (times.gain() >= least_gain) return;
    findings_.after = findings_.before;
    findings_.seconds_after = findings_.seconds_before;
}

}  // namespace unet
