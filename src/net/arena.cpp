#include "src/net/arena.h"
#include <algorithm>
#include <limits>
#include <mutex>
#include <numeric>

namespace unet {

namespace {

size_t aligned(size_t bytes) { return (bytes + arena_alignment - 1) / arena_alignment * arena_alignment; }

bool meet(const Lifetime &a, const Lifetime &b) { return a.first <= b.last && b.first <= a.last; }

struct Span {
    size_t begin, end;
};

// Begin of the lowest gap of `bytes` between `taken`, which is put in order.
size_t lowest_gap(std::vector<Span> &taken, size_t bytes) {
    std::sort(taken.begin(), taken.end(), [](const Span &a, const Span &b) { return a.begin < b.begin; });
    size_t begin = 0;
    for (const Span &span : taken) {
        if (begin + bytes <= span.begin) break;
        begin = std::max(begin, span.end);
    }
    return begin;
}

/// Buffers in an order: each in turn lies at the lowest gap between those before it that it meets.
class Placement {
public:
    explicit Placement(const std::vector<Lifetime> &buffers) : meets_(buffers.size()), order_(buffers.size()) {
        for (const Lifetime &buffer : buffers) bytes_.push_back(aligned(buffer.bytes));
        for (size_t i = 0; i < buffers.size(); i++)
            for (size_t j = 0; j < buffers.size(); j++) meets_[i].push_back(meet(buffers[i], buffers[j]));
        std::iota(order_.begin(), order_.end(), size_t(0));
        std::stable_sort(order_.begin(), order_.end(), [&](size_t a, size_t b) { return bytes_[a] > bytes_[b]; });
        layout_.offsets.resize(buffers.size());
        place(0, std::numeric_limits<size_t>::max());
    }

    /// Exchanges buffers wherever that takes less memory, until none does, or it takes `least`.
    void improve(size_t least) {
        for (bool better = true; better && layout_.bytes > least;) {
            better = false;
            for (size_t a = 0; a < order_.size(); a++)
                for (size_t b = a + 1; b < order_.size(); b++) {
                    std::swap(order_[a], order_[b]);
                    if (place(a, layout_.bytes)) better = true;
                    else std::swap(order_[a], order_[b]);
                }
        }
    }

    const ArenaLayout &layout() const { return layout_; }

private:
    // From position `first` of the order on: those before stay. False, and no change, if that takes `limit` or more.
    bool place(size_t first, size_t limit) {
        ArenaLayout layout{layout_.offsets, 0};
        for (size_t i = 0; i < order_.size(); i++) {
            const size_t own = order_[i];
            if (i >= first) layout.offsets[own] = lowest_gap(taken_before(i, layout), bytes_[own]);
            layout.bytes = std::max(layout.bytes, layout.offsets[own] + bytes_[own]);
            if (layout.bytes >= limit) return false;
        }
        layout_ = std::move(layout);
        return true;
    }

    std::vector<Span> &taken_before(size_t position, const ArenaLayout &layout) {
        const std::vector<bool> &meets = meets_[order_[position]];
        taken_.clear();
        for (size_t i = 0; i < position; i++)
            if (const size_t other = order_[i]; meets[other])
                taken_.push_back({layout.offsets[other], layout.offsets[other] + bytes_[other]});
        return taken_;
    }

    std::vector<size_t> bytes_;
    std::vector<std::vector<bool>> meets_;
    std::vector<size_t> order_;
    ArenaLayout layout_;
    std::vector<Span> taken_;
};

// Of the buffers in use together: no layout takes less.
size_t most_at_once(const std::vector<Lifetime> &buffers) {
    size_t most = 0;
    for (const Lifetime &at : buffers) {  // each peak begins with a buffer
        size_t sum = 0;
        for (const Lifetime &buffer : buffers)
            if (buffer.first <= at.first && at.first <= buffer.last) sum += aligned(buffer.bytes);
        most = std::max(most, sum);
    }
    return most;
}

}  // namespace

// The last one is remembered: before its first step `train` asks three times for that of the same 106 buffers, 0.15 s
// each.
ArenaLayout lay_out(const std::vector<Lifetime> &buffers) {
    static std::mutex mutex;
    static std::vector<Lifetime> last;
    static ArenaLayout layout;
    {
        const std::lock_guard lock(mutex);
        if (buffers == last) return layout;
    }
    Placement placement(buffers);
    placement.improve(most_at_once(buffers));
    const std::lock_guard lock(mutex);
    last = buffers, layout = placement.layout();
    return layout;
}

}  // namespace unet
