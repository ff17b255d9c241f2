#include "pipeline/collective.h"
#include <algorithm>
#include <cstring>

namespace unet {

namespace {

class OneProcess : public Collective {
public:
    int rank() const override { return 0; }
    int size() const override { return 1; }
    NodeShare node() override { return {}; }
    void gather(const void *mine, size_t bytes, void *all) override { std::memcpy(all, mine, bytes); }
    void broadcast(void *, size_t) override {}
    void add_in_order(const float *mine, float *sum, size_t count, Round round) override {
        add_rows_in_order(mine, 1, sum, count, round.first);
    }
};

}  // namespace

std::unique_ptr<Collective> one_process() { return std::make_unique<OneProcess>(); }

void add_rows_in_order(const float *rows, int ranks, float *sum, size_t count, bool first) {
    constexpr size_t block = 4096;  // 16 KB of the sum stay in the cache while all rows are added to it
    for (size_t begin = 0; begin < count; begin += block) {
        const size_t end = std::min(count, begin + block);
        for (int rank = 0; rank < ranks; rank++) {
            const float *row = rows + size_t(rank) * count;
            if (first && rank == 0) std::copy(row + begin, row + end, sum + begin);
            else
                for (size_t i = begin; i < end; i++) sum[i] += row[i];
        }
    }
}

}  // namespace unet
