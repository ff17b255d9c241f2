#include "src/net/arena.h"
#include <algorithm>
#include <numeric>

namespace unet {

namespace {

size_t aligned(size_t bytes) { return (bytes + arena_alignment - 1) / arena_alignment * arena_alignment; }

bool meet(const Lifetime &a, const Lifetime &b) { return a.first <= b.last && b.first <= a.last; }

struct Span {
    size_t begin, end;
};

// Begin of the lowest gap of `bytes` between `taken`.
size_t lowest_gap(std::vector<Span> taken, size_t bytes) {
    std::sort(taken.begin(), taken.end(), [](const Span &a, const Span &b) { return a.begin < b.begin; });
    size_t begin = 0;
    for (const Span &span : taken) {
        if (begin + bytes <= span.begin) break;
        begin = std::max(begin, span.end);
    }
    return begin;
}

// Each buffer in turn at the lowest gap between those already placed that it meets.
ArenaLayout place(const std::vector<Lifetime> &buffers, const std::vector<size_t> &order) {
    ArenaLayout layout{std::vector<size_t>(buffers.size()), 0};
    for (size_t i = 0; i < order.size(); i++) {
        const size_t own = order[i], bytes = aligned(buffers[own].bytes);
        std::vector<Span> taken;
        for (size_t j = 0; j < i; j++)
            if (const size_t other = order[j]; meet(buffers[own], buffers[other]))
                taken.push_back({layout.offsets[other], layout.offsets[other] + aligned(buffers[other].bytes)});
        layout.offsets[own] = lowest_gap(std::move(taken), bytes);
        layout.bytes = std::max(layout.bytes, layout.offsets[own] + bytes);
    }
    return layout;
}

// The order with two buffers after another exchanged, wherever that takes less memory, until none does.
ArenaLayout improved(const std::vector<Lifetime> &buffers, std::vector<size_t> order) {
    ArenaLayout best = place(buffers, order);
    for (bool better = true; better;) {
        better = false;
        for (size_t a = 0; a < order.size(); a++)
            for (size_t b = a + 1; b < order.size(); b++) {
                std::swap(order[a], order[b]);
                ArenaLayout layout = place(buffers, order);
                if (layout.bytes < best.bytes) best = std::move(layout), better = true;
                else std::swap(order[a], order[b]);
            }
    }
    return best;
}

}  // namespace

ArenaLayout lay_out(const std::vector<Lifetime> &buffers) {
    std::vector<size_t> order(buffers.size());
    std::iota(order.begin(), order.end(), size_t(0));
    const auto larger = [&](size_t a, size_t b) { return buffers[a].bytes > buffers[b].bytes; };
    std::stable_sort(order.begin(), order.end(), larger);
    return improved(buffers, std::move(order));
}

}  // namespace unet
