#include "tune/jobs.h"
#include "pipeline/bench_runs.h"
#include "pipeline/nearest_name.h"
#include "src/base/error.h"
#include <algorithm>
#include <fmt/ranges.h>

namespace unet {

namespace {

bool is_among(const std::string &name, const std::vector<std::string> &names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

void check_names(const std::vector<std::string> &wanted, const std::vector<std::string> &names) {
    for (const std::string &name : wanted) {
        if (is_among(name, names)) continue;
        const std::string nearest = nearest_name(name, names);
        throw Error(Exit::usage, "--kernels " + name + ": no kernel of this network that has knobs" +
                                     (nearest.empty() ? fmt::format("; it has {}", fmt::join(names, ", "))
                                                      : "; did you mean " + nearest + "?"));
    }
}

}  // namespace

std::vector<Job> find_jobs(const Kernels &base, const Architecture &architecture, int input, bool training,
                           const std::vector<std::string> &wanted) {
    const auto calls = record_calls(base, [&] {
        InferenceRun(architecture, input)();
        if (training) TrainingRun(architecture, input, UNet::Use::training)();
    });
    std::vector<Job> jobs;
    std::vector<std::string> names;
    for (size_t i = 0; i < calls.size(); i++) {
        const KernelEntry &kernel = kernel_list()[i];
        auto choices = choices_of(kernel, std::string(base.halide_target));
        if (calls[i].empty() || choices.empty()) continue;
        names.push_back(kernel.name);
        if (wanted.empty() || is_among(kernel.name, wanted)) jobs.push_back({&kernel, std::move(choices), calls[i]});
    }
    check_names(wanted, names);
    return jobs;
}

KernelWork work_of(const Job &job) {
    KernelWork work;
    for (const auto &[call, count] : job.calls) {
        work.calls += count;
        work.multiply_adds += double(count) * multiply_adds(job.kernel->op, call);
        work.bytes += double(count) * bytes_touched(call);
    }
    return work;
}

}  // namespace unet
