// What kernel tests run on: every target, any number of threads.
#pragma once
#include "tests/families.h"
#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <vector>

namespace unet::test {

template<class Call>
auto with_threads(int threads, Call call) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    return tbb::task_arena(threads).execute(call);
}

/// `call(kernels)`, which gives something to compare, gives the same for 1, 2 and 5 threads on each target, and the
/// same on all targets with FMA.
template<class Call>
void check_repeats(Call call) {
    std::vector<decltype(call(kernels()))> of_fma;
    for (const Kernels &kernels : available_kernels()) {
        CAPTURE(kernels.name);
        const auto once = with_threads(1, [&] { return call(kernels); });
        for (int threads : {1, 2, 5}) {
            CAPTURE(threads);
            CHECK(bool(with_threads(threads, [&] { return call(kernels); }) == once));
        }
        if (kernels.halide_target.find("fma") == std::string_view::npos) continue;
        if (!of_fma.empty()) CHECK(bool(of_fma.front() == once));
        of_fma.push_back(once);
    }
}

}  // namespace unet::test
