// How fast ranks add up gradients: mpirun -np 2 build/release/ordered_sum [MB]
#include "pipeline/mpi_collective.h"
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

int main(int count, char **words) {
    using Clock = std::chrono::steady_clock;
    constexpr int repeats = 20;
    const auto ranks = unet::mpi_ranks();
    const size_t floats = size_t(count > 1 ? std::max(1, std::atoi(words[1])) : 124) * 250000;
    const std::vector<float> mine(floats, float(ranks->rank()));
    std::vector<float> sum(floats);
    std::vector<double> seconds;
    for (int repeat = 0; repeat < repeats; repeat++) {
        const Clock::time_point start = Clock::now();
        for (size_t begin = 0; begin < floats; begin += unet::Collective::most_floats)
            ranks->add_in_order(mine.data() + begin, sum.data() + begin,
                                std::min(floats - begin, unet::Collective::most_floats), {});
        seconds.push_back(std::chrono::duration<double>(Clock::now() - start).count());
    }
    std::sort(seconds.begin(), seconds.end());
    if (ranks->rank() == 0)
        std::printf("%d ranks, %.0f MB of gradients: smallest of %d %.1f ms, median %.1f ms\n", ranks->size(),
                    double(floats) * sizeof(float) / 1e6, repeats, 1e3 * seconds.front(), 1e3 * seconds[repeats / 2]);
}
