// Which kernels are tuned, for which calls.
#pragma once
#include "src/net/architecture.h"
#include "tune/kernel_list.h"
#include "tune/kernel_work.h"

namespace unet {

/// A kernel that a network runs and that has knobs.
struct Job {
    const KernelEntry *kernel;
    std::vector<KnobChoices> choices;
    std::vector<CountedCall> calls;  ///< of an inference, and of a training step where it is wanted
};

/// Runs the network once with the kernels of `base`. `wanted`: names of kernels; empty: all. Throws Error(usage) for a
/// name that is none of them.
std::vector<Job> find_jobs(const Kernels &base, const Architecture &architecture, int input, bool training,
                           const std::vector<std::string> &wanted);

/// Work of all calls of a kernel.
struct KernelWork {
    int64_t calls = 0;
    double multiply_adds = 0, bytes = 0;
};
KernelWork work_of(const Job &job);

}  // namespace unet
