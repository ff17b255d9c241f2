#include "tests/kernels/support.h"
#include "tests/kernels/targets.h"
#include <cstring>

namespace unet::test {

namespace {

using Sums = Halide::Runtime::Buffer<double, 1>;
constexpr int squares_of_a_sum = 4096;

Sums square_sums_of(const Kernels &kernels, const Vector &in) {
    Sums sums((in.dim(0).extent() + squares_of_a_sum - 1) / squares_of_a_sum);
    sums.fill(-1);
    run(kernels.square_sums, in, sums);
    return sums;
}

}  // namespace

TEST_CASE("square_sums adds squares up in their order, in double", "[definition][square_sums]") {
    const Kernels kernels = GENERATE(each_family());
    const int size = GENERATE(1, 4095, 4096, 4097, 16 * 4096, 100'000);
    CAPTURE(kernels.name, size);
    const Vector in = random(Vector(size), 1);
    const Sums sums = square_sums_of(kernels, in);
    for (int block = 0; block < sums.dim(0).extent(); block++) {
        double expected = 0;
        for (int i = block * squares_of_a_sum; i < std::min(size, (block + 1) * squares_of_a_sum); i++)
            expected += double(in(i)) * in(i);
        CHECK(sums(block) == expected);  // squares of floats are exact, so all round alike
    }
}

TEST_CASE("square_sums gives the same bytes for any number of threads", "[repeat][square_sums]") {
    check_repeats([](const Kernels &kernels) {
        const Sums sums = square_sums_of(kernels, random(Vector(100'000), 1));
        return std::vector<double>(sums.begin(), sums.end());
    });
}

}  // namespace unet::test
