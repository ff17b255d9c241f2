#include "src/kernels/memory_peak.h"
#include "src/base/float_buffer.h"
#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>
#include <vector>

namespace unet {

namespace {

constexpr size_t block_bytes = size_t(256) << 20;  // of all threads

/// Each thread copies its part; returns the seconds it took.
double copy(const FloatBuffer &from, const FloatBuffer &to, int threads) {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point start = Clock::now();
    std::vector<std::thread> workers;
    const size_t part = from.size() / size_t(threads);
    for (int i = 0; i < threads; i++)
        workers.emplace_back([&, begin = part * size_t(i)] {
            std::memcpy(to.data() + begin, from.data() + begin, part * sizeof(float));
        });
    for (std::thread &worker : workers) worker.join();
    return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

double memory_peak_gbs(int threads) {
    const FloatBuffer from(block_bytes / sizeof(float)), to(block_bytes / sizeof(float));
    std::fill_n(from.data(), from.size(), 1.0f);  // pages that were never written are one and the same page of zeros
    copy(from, to, threads);
    double seconds = copy(from, to, threads);
    for (int i = 0; i < 4; i++) seconds = std::min(seconds, copy(from, to, threads));
    return 2 * double(block_bytes) / seconds / 1e9;
}

}  // namespace unet
