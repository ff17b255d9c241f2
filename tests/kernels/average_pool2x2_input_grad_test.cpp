#include "tests/kernels/bounds.h"
#include "tests/kernels/pool_grad.h"
#include "tests/kernels/targets.h"

namespace unet::test {

TEST_CASE("average_pool2x2_input_grad equals its definition on every target and for every size",
          "[definition][average_pool2x2_input_grad]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [C, W, H, N, crop] = GENERATE(table<int, int, int, int, int>(
        {{1, 2, 2, 1, 0}, {3, 3, 2, 2, 0}, {16, 13, 9, 1, 4}, {17, 6, 17, 2, 2}, {48, 5, 8, 1, 1}, {64, 34, 7, 1, 3}}));
    const bool relu = GENERATE(false, true);
    CAPTURE(kernels.name, C, W, H, N, crop, relu);
    const Pool pool(C, W, H, N, crop);

    run(kernels.average_pool2x2_input_grad, pool.in, pool.d_out, pool.d_skip, relu, pool.d_in);

    const auto definition = [&](int c, int x, int y, int n) {
        if (relu && !(pool.in(c, x, y, n) > 0)) return 0.0;
        return (pool.in_cell(x, y) ? pool.d_out(c, x / 2, y / 2, n) / 4.0 : 0.0) + pool.skip(c, x, y, n);
    };
    CHECK(max_difference(pool.d_in, definition) <= rounding(1));
    CHECK(padding_is_zero(pool.d_in, C));
}

TEST_CASE("average_pool2x2_input_grad is the adjoint of average_pool2x2 and the crop",
          "[gradient][average_pool2x2_input_grad]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [C, W, H, crop] = GENERATE(table<int, int, int, int>({{16, 2, 2, 0}, {17, 13, 9, 4}, {48, 34, 7, 1}}));
    CAPTURE(kernels.name, C, W, H, crop);
    const Pool pool(C, W, H, 1, crop);
    const Image out = columns(unset({C, W / 2, H / 2}), W / 2);

    run(kernels.average_pool2x2, pool.in, out);
    run(kernels.average_pool2x2_input_grad, pool.in, pool.d_out, pool.d_skip, false, pool.d_in);

    Image cropped = pool.in.cropped(1, crop, W - 2 * crop).cropped(2, crop, H - 2 * crop);
    const double forward = inner_product(out, pool.d_out) + inner_product(cropped, pool.d_skip);
    const double backward = inner_product(pool.in, pool.d_in);
    CHECK(std::abs(forward - backward) <= rounding(4) * norm(pool.d_out) + rounding(1) * norm(pool.in));
}

TEST_CASE("average_pool2x2_input_grad reads no more than its images hold", "[halo][average_pool2x2_input_grad]") {
    const Kernels kernels = GENERATE(each_target());
    const int W = GENERATE(range(2, 71)), H = 2 + W * 5 % 37;
    CAPTURE(kernels.name, W, H);
    Image in = unallocated(16, W, H), d_out = unallocated(16, W / 2, H / 2), d_skip = unallocated(16, W, H),
          d_in = unallocated(16, W, H);

    query(kernels.average_pool2x2_input_grad, in, d_out, d_skip, true, d_in);

    CHECK(width(d_in) == W);
    CHECK(height(d_in) == H);
    CHECK(width(d_out) <= W / 2);
    CHECK(height(d_out) <= H / 2);
    CHECK(width(d_skip) <= W);
    CHECK(height(d_skip) <= H);
}

TEST_CASE("average_pool2x2_input_grad gives the same bytes for any number of threads",
          "[repeat][average_pool2x2_input_grad]") {
    check_repeats([&](const Kernels &kernels) {
        const Pool pool(48, 63, 75, 2, 4);
        run(kernels.average_pool2x2_input_grad, pool.in, pool.d_out, pool.d_skip, false, pool.d_in);
        return bits(pool.d_in);
    });
}

}  // namespace unet::test
