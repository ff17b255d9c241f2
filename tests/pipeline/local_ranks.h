// Ranks that are threads of one process.
#pragma once
#include "pipeline/collective.h"
#include <barrier>
#include <cstring>
#include <functional>
#include <thread>
#include <vector>

namespace unet::test {

/// What the threads have in common.
struct LocalJob {
    explicit LocalJob(int size) : shown(size_t(size)), all_here(size) {}

    std::vector<const void *> shown;  // by each rank
    std::barrier<> all_here;
};

class LocalRank : public Collective {
public:
    LocalRank(LocalJob &job, int rank) : job_(job), rank_(rank) {}
    int rank() const override { return rank_; }
    int size() const override { return int(job_.shown.size()); }
    NodeShare node() override { return {size(), size()}; }

    void gather(const void *mine, size_t bytes, void *all) override {
        show(mine);
        for (int other = 0; other < size(); other++)
            std::memcpy(static_cast<char *>(all) + size_t(other) * bytes, job_.shown[size_t(other)], bytes);
        job_.all_here.arrive_and_wait();
    }
    void broadcast(void *data, size_t bytes) override {
        show(data);
        if (rank_ > 0) std::memcpy(data, job_.shown[0], bytes);
        job_.all_here.arrive_and_wait();
    }
    void add_in_order(const float *mine, float *sum, size_t count, Round round) override {
        const Share own = share_of(rank_, size(), count);
        show(mine);
        std::vector<float> rows;
        for (const void *floats : job_.shown) {
            const float *begin = static_cast<const float *>(floats) + own.begin;
            rows.insert(rows.end(), begin, begin + own.count);
        }
        add_rows_in_order(rows.data(), size(), sum + own.begin, own.count, round.first);
        job_.all_here.arrive_and_wait();
        if (!round.last) return;
        show(sum);
        for (int other = 0; other < size(); other++) {
            const Share share = share_of(other, size(), count);
            if (other != rank_)
                std::memcpy(sum + share.begin, static_cast<const float *>(job_.shown[size_t(other)]) + share.begin,
                            share.count * sizeof(float));
        }
        job_.all_here.arrive_and_wait();
    }

private:
    void show(const void *data) {
        job_.shown[size_t(rank_)] = data;
        job_.all_here.arrive_and_wait();
    }

    LocalJob &job_;
    int rank_;
};

/// Runs `work` on `size` ranks, each a thread.
inline void on_ranks(int size, const std::function<void(std::unique_ptr<Collective>)> &work) {
    LocalJob job(size);
    std::vector<std::thread> threads;
    for (int rank = 0; rank < size; rank++)
        threads.emplace_back([&, rank] { work(std::make_unique<LocalRank>(job, rank)); });
    for (std::thread &thread : threads) thread.join();
}

}  // namespace unet::test
