// Which values labels hold, how often, and in how many pieces: what tells classes from instances.
#pragma once
#include "src/base/array.h"
#include <unordered_map>

namespace unet {

/// What is known of one label value.
struct ValueCount {
    uint64_t pixels = 0;
    uint64_t windows = 0;  ///< windows it occurs in
    uint64_t whole = 0;    ///< of these, windows where it is in one piece
    uint64_t pieces = 0;   ///< 8-connected pieces, counted in each window
};

/// Counts values window by window. Memory is bounded: from `most_values` different values on, new ones share one count.
class LabelHistogram {
public:
    static constexpr size_t most_values = 65536;  ///< all of u16; sets of labels with more are instances

    /// Counts a window (a page, or a part of one), but for pixels of the value `ignore`.
    void add(const Ids &window, const uint32_t *ignore);

    const std::unordered_map<uint32_t, ValueCount> &counts() const { return counts_; }
    const ValueCount &rest() const { return rest_; }  ///< of values beyond the first `most_values`
    bool complete() const { return rest_.pixels == 0; }
    uint64_t windows() const { return windows_; }
    std::vector<uint32_t> values() const;  ///< ascending

private:
    ValueCount &count(uint32_t value);

    std::unordered_map<uint32_t, ValueCount> counts_;
    ValueCount rest_;
    uint64_t windows_ = 0;
};

}  // namespace unet
