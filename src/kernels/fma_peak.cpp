#include "src/kernels/fma_peak.h"
#include <algorithm>
#include <barrier>
#include <chrono>
#include <cstdint>
#include <immintrin.h>
#include <thread>
#include <vector>

namespace unet {

namespace {

// Twelve chains: two units of latency 4 or 5 need eight to ten multiply-adds under way.
constexpr int chains = 12;
constexpr float factor = 0.5f, addend = 1.0f;  // the sums stay near 2: no overflow, no denormals

// Each loop makes `rounds` multiply-adds per chain, and returns a value that depends on all of them. The barriers on
// the registers keep the compiler from folding the chains into one.
__attribute__((target("avx512f"))) float chains_avx512(int64_t rounds) {
    const __m512 a = _mm512_set1_ps(factor), b = _mm512_set1_ps(addend);
    __m512 sum[chains];
    for (__m512 &s : sum) s = _mm512_setzero_ps();
    for (int64_t i = 0; i < rounds; i++) {
#pragma GCC unroll 12
        for (int k = 0; k < chains; k++) {
            sum[k] = _mm512_fmadd_ps(sum[k], a, b);
            asm volatile("" : "+v"(sum[k]));
        }
    }
    __m512 total = sum[0];
    for (int k = 1; k < chains; k++) total = _mm512_add_ps(total, sum[k]);
    return _mm512_reduce_add_ps(total);
}

__attribute__((target("avx2,fma"))) float chains_avx2(int64_t rounds) {
    const __m256 a = _mm256_set1_ps(factor), b = _mm256_set1_ps(addend);
    __m256 sum[chains];
    for (__m256 &s : sum) s = _mm256_setzero_ps();
    for (int64_t i = 0; i < rounds; i++) {
#pragma GCC unroll 12
        for (int k = 0; k < chains; k++) {
            sum[k] = _mm256_fmadd_ps(sum[k], a, b);
            asm volatile("" : "+x"(sum[k]));
        }
    }
    __m256 total = sum[0];
    for (int k = 1; k < chains; k++) total = _mm256_add_ps(total, sum[k]);
    alignas(32) float lanes[8];
    _mm256_store_ps(lanes, total);
    return lanes[0] + lanes[7];
}

float chains_sse(int64_t rounds) {
    const __m128 a = _mm_set1_ps(factor), b = _mm_set1_ps(addend);
    __m128 sum[chains];
    for (__m128 &s : sum) s = _mm_setzero_ps();
    for (int64_t i = 0; i < rounds; i++) {
#pragma GCC unroll 12
        for (int k = 0; k < chains; k++) {
            sum[k] = _mm_add_ps(_mm_mul_ps(sum[k], a), b);
            asm volatile("" : "+x"(sum[k]));
        }
    }
    __m128 total = sum[0];
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

double seconds_of(const Loop &loop, int64_t rounds, int threads) {
    using Clock = std::chrono::steady_clock;
    std::barrier together(threads + 1);
    std::vector<std::thread> workers;
    for (int i = 0; i < threads; i++)
        workers.emplace_back([&] {
            together.arrive_and_wait();
            volatile float used = loop.run(rounds);
            (void)used;
        });
    together.arrive_and_wait();
    const Clock::time_point start = Clock::now();
    for (std::thread &worker : workers) worker.join();
    return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

double fma_peak_gflops(int threads) {
    constexpr int repeats = 7;
    constexpr int64_t rounds = 20'000'000;  // about 0.05 s
    const Loop loop = widest_loop();
    double least = seconds_of(loop, rounds / 4, threads) * 4;
    for (int i = 0; i < repeats; i++) least = std::min(least, seconds_of(loop, rounds, threads));
    return 2.0 * chains * loop.lanes * double(rounds) * threads / least / 1e9;
}

}  // namespace unet
