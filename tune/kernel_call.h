// A call of a kernel, as far as the time it takes depends on it.
#pragma once
#include "src/kernels/kernels.h"
#include <cstdint>
#include <functional>
#include <variant>
#include <vector>

namespace unet {

/// A buffer without its content.
struct BufferShape {
    halide_type_t type;
    std::vector<halide_dimension_t> dims;
    bool operator==(const BufferShape &) const = default;
    int64_t elements() const;
};

using CallArgument = std::variant<BufferShape, bool, int, uint32_t, float>;

struct KernelCall {
    std::vector<CallArgument> arguments;
    bool operator==(const KernelCall &) const = default;
    const BufferShape &buffer(size_t argument) const { return std::get<BufferShape>(arguments.at(argument)); }
};

struct CountedCall {
    KernelCall call;
    int64_t count = 1;
};

/// The different calls that `work` makes to each kernel of `kernel_list`, in that order, with the kernels of `base`.
std::vector<std::vector<CountedCall>> record_calls(const Kernels &base, const std::function<void()> &work);

}  // namespace unet
