// All calls that a network makes to one kernel, to be made again with variants of it.
#pragma once
#include "tune/call_data.h"

namespace unet {

/// Seconds of all calls with two variants of a kernel.
struct InTurn {
    double first = 0, second = 0;
    double gain() const { return first / second - 1; }  ///< 0.05: the second is 5 % faster
};

class CallSet {
public:
    CallSet(const std::vector<CountedCall> &calls, const std::vector<bool> &outputs);

    /// Of all that the kernel writes.
    std::string bytes(const JitKernel &kernel);

    /// Both in turn, `rounds` times each call; the shortest counts, as others on the machine only ever add to it. Ends
    /// early when the second is far slower.
    InTurn time(const JitKernel &first, const JitKernel &second, int rounds);

private:
    std::vector<std::unique_ptr<CallData>> data_;
    std::vector<int64_t> counts_;
};

}  // namespace unet
