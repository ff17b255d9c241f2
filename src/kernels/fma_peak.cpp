#include "src/kernels/fma_peak.h"
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <immintrin.h>
#include <numeric>
#include <thread>
#include <vector>

namespace unet {

namespace {

// Twelve chains: two units of latency 4 or 5 need eight to ten multiply-adds under way.
constexpr int chains = 12;
constexpr float factor = 0.5f, addend = 1.0f;  // the sums stay near 2: no overflow, no denormals

// All loops over chains are unrolled: with an index left the sums would live in memory (measured: 75 instead of 206
// GFLOP/s on two Zen 3 cores).
//
// Each loop makes `rounds` multiply-adds per chain, and returns a value that depends on all of them. The barriers on
// the registers keep the compiler from folding the chains into one.
__attribute__((target("avx512f"))) float chains_avx512(int64_t rounds) {
    const __m512 a = _mm512_set1_ps(factor), b = _mm512_set1_ps(addend);
    __m512 sum[chains];
#pragma GCC unroll 12
    for (int k = 0; k < chains; k++) sum[k] = _mm512_setzero_ps();
    for (int64_t i = 0; i < rounds; i++) {
#pragma GCC unroll 12
        for (int k = 0; k < chains; k++) {
            sum[k] = _mm512_fmadd_ps(sum[k], a, b);
            asm volatile("" : "+v"(sum[k]));
        }
    }
    __m512 total = sum[0];
#pragma GCC unroll 12
    for (int k = 1; k < chains; k++) total = _mm512_add_ps(total, sum[k]);
    alignas(64) float lanes[16];
    _mm512_store_ps(lanes, total);
    return lanes[0] + lanes[15];
}

__attribute__((target("avx2,fma"))) float chains_avx2(int64_t rounds) {
    const __m256 a = _mm256_set1_ps(factor), b = _mm256_set1_ps(addend);
    __m256 sum[chains];
#pragma GCC unroll 12
    for (int k = 0; k < chains; k++) sum[k] = _mm256_setzero_ps();
    for (int64_t i = 0; i < rounds; i++) {
#pragma GCC unroll 12
        for (int k = 0; k < chains; k++) {
            sum[k] = _mm256_fmadd_ps(sum[k], a, b);
            asm volatile("" : "+x"(sum[k]));
        }
    }
    __m256 total = sum[0];
#pragma GCC unroll 12
    for (int k = 1; k < chains; k++) total = _mm256_add_ps(total, sum[k]);
    alignas(32) float lanes[8];
    _mm256_store_ps(lanes, total);
    return lanes[0] + lanes[7];
}

float chains_sse(int64_t rounds) {
    const __m128 a = _mm_set1_ps(factor), b = _mm_set1_ps(addend);
    __m128 sum[chains];
#pragma GCC unroll 12
    for (int k = 0; k < chains; k++) sum[k] = _mm_setzero_ps();
    for (int64_t i = 0; i < rounds; i++) {
#pragma GCC unroll 12
        for (int k = 0; k < chains; k++) {
            sum[k] = _mm_add_ps(_mm_mul_ps(sum[k], a), b);
            asm volatile("" : "+x"(sum[k]));
        }
    }
    __m128 total = sum[0];
#pragma GCC unroll 12
    for (int k = 1; k < chains; k++) total = _mm_add_ps(total, sum[k]);
    return _mm_cvtss_f32(total);
}

struct Loop {
    float (*run)(int64_t rounds);
    int lanes;
};

Loop widest_loop() {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f")) return {chains_avx512, 16};
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return {chains_avx2, 8};
    return {chains_sse, 4};
}

using Clock = std::chrono::steady_clock;

// Short bursts, most of which no other process interrupts, and of these the upper quartile: neither the luckiest nor
// the interrupted ones. Returns GFLOP/s.
double burst_rate(const Loop &loop, Clock::time_point end) {
    constexpr int64_t rounds = 200'000;  // about half a millisecond
    std::vector<double> rates;
    volatile float used = 0;
    do {
        const Clock::time_point start = Clock::now();
        used = loop.run(rounds);
        const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
        rates.push_back(2.0 * chains * loop.lanes * double(rounds) / seconds / 1e9);
    } while (Clock::now() < end);
    (void)used;
    const auto quartile = rates.begin() + long(rates.size() * 3 / 4);
    std::nth_element(rates.begin(), quartile, rates.end());
    return *quartile;
}

}  // namespace

double fma_peak_gflops(int threads) {
    const Loop loop = widest_loop();
    const Clock::time_point end = Clock::now() + std::chrono::milliseconds(400);
    std::vector<double> rates(threads);
    std::vector<std::thread> workers;
    for (double &rate : rates) workers.emplace_back([&] { rate = burst_rate(loop, end); });
    for (std::thread &worker : workers) worker.join();
    return std::accumulate(rates.begin(), rates.end(), 0.0);
}

}  // namespace unet
