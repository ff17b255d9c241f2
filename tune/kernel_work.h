// How much a call of a kernel computes.
#pragma once
#include "tune/kernel_call.h"
#include <string>

namespace unet {

/// Multiply-adds of the definition in a call of a kernel from the generator `op`, padding included: Winograd's form
/// needs fewer, so it may be faster than the machine's peak. 0 for kernels that do not multiply.
double multiply_adds(const std::string &op, const KernelCall &call);

/// Bytes of all buffers of a call: what it reads and writes at least.
double bytes_touched(const KernelCall &call);

}  // namespace unet
