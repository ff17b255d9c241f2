// What processes that train together do together.
#pragma once
#include <cstddef>
#include <memory>

namespace unet {

/// What the ranks on this machine have between them.
struct NodeShare {
    int ranks = 1;
    int processors = 0;  ///< that any of them may run on
};

/// Which of the rounds of a sum this is.
struct Round {
    bool first = true, last = true;
};

/// Operations of `size` processes, the ranks. Each is called by all ranks, in the same order, by one thread of each at
/// a time, and returns when its result is there.
class Collective {
public:
    virtual ~Collective() = default;
    virtual int rank() const = 0;
    virtual int size() const = 0;
    virtual NodeShare node() = 0;

    /// The bytes of each rank to all, in the order of the ranks.
    virtual void gather(const void *mine, size_t bytes, void *all) = 0;
    /// The bytes of rank 0 to all.
    virtual void broadcast(void *data, size_t bytes) = 0;

    static constexpr size_t most_floats = 1 << 22;  ///< of one sum: 16 MB
    /// sum += the floats of rank 0, then += those of rank 1, and so on: the very bits that one process gets which adds
    /// them one after the other. The first round overwrites `sum`; only the last one makes it whole on all ranks, until
    /// then each has a share of it, the same for the same `count`.
    virtual void add_in_order(const float *mine, float *sum, size_t count, Round round) = 0;
};

/// A process by itself.
std::unique_ptr<Collective> one_process();

/// The share of rank `rank` in a sum of `count` floats: [begin, begin + count).
struct Share {
    size_t begin, count;
};
constexpr Share share_of(int rank, int ranks, size_t count) {
    const size_t begin = count * size_t(rank) / size_t(ranks), end = count * size_t(rank + 1) / size_t(ranks);
    return {begin, end - begin};
}

/// sum += each of `ranks` rows of `count` floats, in order; with `first` the first row overwrites it.
void add_rows_in_order(const float *rows, int ranks, float *sum, size_t count, bool first);

}  // namespace unet
