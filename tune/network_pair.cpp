#include "tune/network_pair.h"
#include "pipeline/bench_runs.h"
#include "src/base/error.h"
#include <algorithm>
#include <chrono>

namespace unet {

namespace {

constexpr int network_rounds = 9;

/// The kernels that findings changed, compiled with the one or the other knobs, in the place of those of the build.
class ExchangedKernels {
public:
    ExchangedKernels(const Kernels &base, const Findings &findings, KnobValues KernelFindings::*knobs) : table_(base) {
        for (const KernelEntry &kernel : kernel_list()) {
            const KernelFindings *found = findings.find(kernel.name);
            if (!found || !found->changed()) continue;
            compiled_.emplace_back(&kernel, compile(kernel, std::string(base.halide_target), found->*knobs));
        }
    }
    /// From here on the process uses these.
    void use() {
        for (const auto &[kernel, compiled] : compiled_) kernel->exchange(table_, *compiled);
        use_kernels(table_);
    }

private:
    Kernels table_;
    std::vector<std::pair<const KernelEntry *, std::unique_ptr<JitKernel>>> compiled_;
};

/// Uses the kernels of the build again, whatever happens.
struct Restored {
    const Kernels &base;
    ~Restored() { use_kernels(base); }
};

double seconds_of(auto &&run) {
    const auto start = std::chrono::steady_clock::now();
    run();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median_of(std::vector<double> values) {
    std::nth_element(values.begin(), values.begin() + long(values.size() / 2), values.end());
    return values[values.size() / 2];
}

/// Medians. A network's runs vary more than a kernel's, and by what a kernel alone does not show.
InTurn time_in_turn(ExchangedKernels &before, ExchangedKernels &after, auto &&run) {
    std::vector<double> first, second;
    run();  // the first run touches memory for the first time
    for (int round = 0; round < network_rounds; round++)
        for (const bool turn : {round % 2 == 0, round % 2 != 0}) {
            (turn ? before : after).use();
            (turn ? first : second).push_back(seconds_of(run));
        }
    return {median_of(first), median_of(second)};
}

std::string bytes_of(const Pixels &pixels) {
    Hash hash;
    hash.add(pixels.values.data(), pixels.values.size() * sizeof(float));
    return hash.text();
}

/// Of a network's answer, or of the gradient after two steps: all of the way back is in it.
std::string inference_bytes_of(const Architecture &architecture, int input) {
    return bytes_of(InferenceRun(architecture, input)());
}
std::string training_bytes_of(const Architecture &architecture, int input) {
    TrainingRun run(architecture, input, UNet::Use::training);
    run(), run();
    Hash hash;
    hash.add(run.gradient().data(), run.gradient().size() * sizeof(float));
    return hash.text();
}

}  // namespace

NetworkTimes compare_networks(const Kernels &base, const Findings &findings, const Architecture &architecture,
                              int input, bool training) {
    const Restored restored{base};
    ExchangedKernels before(base, findings, &KernelFindings::before), after(base, findings, &KernelFindings::after);
    const auto check = [&](const char *what, std::string (*bytes)(const Architecture &, int)) {
        use_kernels(base);
        const std::string expected = bytes(architecture, input);
        after.use();
        if (bytes(architecture, input) != expected)
            throw Error(Exit::internal, std::string("the tuned kernels change ") + what +
                                            ": no profile is written; report it, with the file of findings");
    };
    check("the result of an inference", inference_bytes_of);
    if (training) check("the gradient of a training step", training_bytes_of);

    NetworkTimes times;
    times.inference = time_in_turn(before, after, InferenceRun(architecture, input));
    if (training) times.training = time_in_turn(before, after, TrainingRun(architecture, input, UNet::Use::training));
    return times;
}

}  // namespace unet
