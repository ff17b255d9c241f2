#include "tests/kernels/bounds.h"
#include "tests/kernels/pool_grad.h"
#include "tests/kernels/targets.h"

namespace unet::test {

namespace {

/// Gradient to `in` of its pooled image alone: d_out at the first maximum of each cell, row by row.
double pooled_gradient(const Pool &pool, int c, int x, int y, int n) {
    if (!pool.in_cell(x, y)) return 0;
    int first_x = x / 2 * 2, first_y = y / 2 * 2;
    for (const auto &[i, j] : {std::pair(1, 0), std::pair(0, 1), std::pair(1, 1)})
        if (pool.in(c, x / 2 * 2 + i, y / 2 * 2 + j, n) > pool.in(c, first_x, first_y, n))
            first_x = x / 2 * 2 + i, first_y = y / 2 * 2 + j;
    return x == first_x && y == first_y ? pool.d_out(c, x / 2, y / 2, n) : 0;
}

}  // namespace

TEST_CASE("max_pool2x2_input_grad equals its definition on every target and for every size",
          "[definition][max_pool2x2_input_grad]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [C, W, H, N, crop] = GENERATE(table<int, int, int, int, int>(
        {{1, 2, 2, 1, 0}, {3, 3, 2, 2, 0}, {16, 13, 9, 1, 4}, {17, 6, 17, 2, 2}, {48, 5, 8, 1, 1}, {64, 34, 7, 1, 3}}));
    const bool relu = GENERATE(false, true);
    CAPTURE(kernels.name, C, W, H, N, crop, relu);
    const Pool pool(C, W, H, N, crop);

    run(kernels.max_pool2x2_input_grad, pool.in, pool.d_out, pool.d_skip, relu, pool.d_in);

    const auto definition = [&](int c, int x, int y, int n) {
        if (relu && !(pool.in(c, x, y, n) > 0)) return 0.0;
        return pooled_gradient(pool, c, x, y, n) + pool.skip(c, x, y, n);
    };
    CHECK(max_difference(pool.d_in, definition) <= rounding(1));
    CHECK(padding_is_zero(pool.d_in, C));
}

TEST_CASE("max_pool2x2_input_grad gives a tie to the first maximum, row by row",
          "[definition][max_pool2x2_input_grad]") {
    const Kernels kernels = GENERATE(each_family());
    CAPTURE(kernels.name);
    Pool pool(16, 30, 2, 1, 0);
    pool.d_skip.fill(0);
    // Cell x holds a maximum wherever the bits of x + 1 are 1: every pattern of ties.
    for_each_position(pool.in, [&](int c, int x, int y, int n) {
        pool.in(c, x, y, n) = (x / 2 + 1) >> (x % 2 + 2 * y) & 1 ? 0.5f : -0.5f;
    });

    run(kernels.max_pool2x2_input_grad, pool.in, pool.d_out, pool.d_skip, false, pool.d_in);

    CHECK(max_difference(pool.d_in, [&](int c, int x, int y, int n) {
              const int pattern = x / 2 + 1, place = x % 2 + 2 * y, lowest_bit = pattern & -pattern;
              return lowest_bit == 1 << place ? pool.d_out(c, x / 2, 0, n) : 0.0f;
          }) == 0);
}

TEST_CASE("max_pool2x2_input_grad is the adjoint of choosing the maxima", "[gradient][max_pool2x2_input_grad]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [C, W, H] = GENERATE(table<int, int, int>({{16, 2, 2}, {17, 13, 9}, {48, 34, 7}}));
    CAPTURE(kernels.name, C, W, H);
    Pool pool(C, W, H, 1, 0);
    pool.d_skip.fill(0);
    const Image out = columns(unset({C, W / 2, H / 2}), W / 2);

    run(kernels.max_pool2x2, pool.in, out);
    run(kernels.max_pool2x2_input_grad, pool.in, pool.d_out, pool.d_skip, false, pool.d_in);

    // At `in` itself the pool acts as the linear map that picks each cell's maximum.
    CHECK(inner_product(out, pool.d_out) == Approx(inner_product(pool.in, pool.d_in)).epsilon(1e-12));
}

TEST_CASE("max_pool2x2_input_grad reads no more than its images hold", "[halo][max_pool2x2_input_grad]") {
    const Kernels kernels = GENERATE(each_target());
    const int W = GENERATE(range(2, 71)), H = 2 + W * 5 % 37;
    CAPTURE(kernels.name, W, H);
    Image in = unallocated(16, W, H), d_out = unallocated(16, W / 2, H / 2), d_skip = unallocated(16, W, H),
          d_in = unallocated(16, W, H);

    query(kernels.max_pool2x2_input_grad, in, d_out, d_skip, true, d_in);

    CHECK(width(d_in) == W);
    CHECK(height(d_in) == H);
    CHECK(width(in) <= W);
    CHECK(height(in) <= H);
    CHECK(width(d_out) <= W / 2);
    CHECK(height(d_out) <= H / 2);
    CHECK(width(d_skip) <= W);
    CHECK(height(d_skip) <= H);
}

TEST_CASE("max_pool2x2_input_grad gives the same bytes for any number of threads", "[repeat][max_pool2x2_input_grad]") {
    check_repeats([&](const Kernels &kernels) {
        const Pool pool(48, 63, 75, 2, 4);
        run(kernels.max_pool2x2_input_grad, pool.in, pool.d_out, pool.d_skip, false, pool.d_in);
        return bits(pool.d_in);
    });
}

}  // namespace unet::test
