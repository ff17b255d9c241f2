#include "tests/kernels/bounds.h"
#include "tests/kernels/support.h"
#include "tests/kernels/targets.h"

namespace unet::test {

TEST_CASE("max_pool2x2 equals its definition on every target and for every size", "[definition][max_pool2x2]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [C, W, H, N] = GENERATE(table<int, int, int, int>(
        {{1, 1, 1, 1}, {3, 7, 2, 2}, {16, 13, 9, 1}, {17, 6, 17, 2}, {48, 1, 8, 1}, {64, 35, 3, 1}}));
    const int odd = GENERATE(0, 1);  // a last odd column and row are left out
    CAPTURE(kernels.name, C, W, H, N, odd);
    const int width = 2 * W + odd;
    const Image in = columns(random_image({C, width, 2 * H + odd, N}, 1), width), out = columns(unset({C, W, H, N}), W);

    run(kernels.max_pool2x2, in, out);

    CHECK(max_difference(out, [&](int c, int x, int y, int n) {
              return std::max(std::max(in(c, 2 * x, 2 * y, n), in(c, 2 * x + 1, 2 * y, n)),
                              std::max(in(c, 2 * x, 2 * y + 1, n), in(c, 2 * x + 1, 2 * y + 1, n)));
          }) == 0);
    CHECK(padding_is_zero(out, C));
}

TEST_CASE("max_pool2x2 reads twice the columns and rows that it writes", "[halo][max_pool2x2]") {
    const Kernels kernels = GENERATE(each_target());
    const int W = GENERATE(range(1, 71));
    CAPTURE(kernels.name, W);
    Image in = unallocated(16, 1, 1), out = unallocated(16, W, 5);

    query(kernels.max_pool2x2, in, out);

    CHECK(width(out) == W);
    CHECK(height(out) == 5);
    CHECK(width(in) == 2 * W);
    CHECK(height(in) == 10);
}

TEST_CASE("max_pool2x2 gives the same bytes for any number of threads", "[repeat][max_pool2x2]") {
    const Image in = columns(random_image({48, 62, 75, 2}, 1), 62);
    check_repeats([&](const Kernels &kernels) {
        const Image out = columns(unset({48, 31, 37, 2}), 31);
        run(kernels.max_pool2x2, in, out);
        return bits(out);
    });
}

}  // namespace unet::test
