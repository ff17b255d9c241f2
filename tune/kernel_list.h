// The kernels of the build by name, and how each is watched or exchanged in the table that a network runs.
#pragma once
#include "src/kernels/kernels.h"
#include "tune/jit_kernel.h"
#include "tune/knobs.h"
#include <string>
#include <vector>

namespace unet {

struct KernelEntry {
    std::string name, op;                                   ///< of the kernel, and of the generator it comes from
    JitKernel::Parameters parameters;                       ///< of the generator, without knobs
    void (*watch)(Kernels &table);                          ///< while record_calls runs
    void (*exchange)(Kernels &table, const JitKernel &by);  ///< `by` must outlive the table's use
};

/// In the order of CMakeLists.txt.
const std::vector<KernelEntry> &kernel_list();

/// What schedules/profiles/generic.txt says of a kernel; empty where it says nothing.
KnobValues generic_knobs_of(const std::string &kernel, const std::string &target);

/// Floats in a vector of a CPU target.
int lanes_of(const std::string &halide_target);

/// What is worth trying for a kernel (tune/knobs.h), by the target.
std::vector<KnobChoices> choices_of(const KernelEntry &kernel, const std::string &halide_target);

/// The kernel with these knobs.
std::unique_ptr<JitKernel> compile(const KernelEntry &kernel, const std::string &halide_target,
                                   const KnobValues &knobs);

}  // namespace unet
