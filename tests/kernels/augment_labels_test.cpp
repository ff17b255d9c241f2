#include "tests/kernels/targets.h"
#include "tests/kernels/warp.h"

namespace unet::test {

namespace {

using Plane = Halide::Runtime::Buffer<uint32_t, 2>;

Plane numbers(int W, int H) {
    Plane plane(W, H);
    uint32_t next = 0xfffffff0u;  // large ids too
    plane.for_each_value([&](uint32_t &value) { value = next++; });
    return plane;
}

Plane augmented(const Kernels &kernels, const Plane &in, const TestWarp &warp, int W, int H) {
    const Plane out(W, H);
    run(kernels.augment_labels, in, warp.affine, warp.grid, warp.columns, warp.rows, warp.cut, warp.step, out);
    return out;
}

}  // namespace

TEST_CASE("augment_labels takes the nearest pixel of where the warp points", "[definition][augment_labels]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [W, H] = GENERATE(table<int, int>({{1, 1}, {37, 41}, {9, 70}, {130, 5}}));
    const int nodes = GENERATE(1, 3);
    CAPTURE(kernels.name, W, H, nodes);
    const TestWarp warp(W, H, 0, nodes, 3);
    const Plane in = numbers(warp.source_width, warp.source_height), out = augmented(kernels, in, warp, W, H);

    int sure = 0;
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++) {
            const double u = warp.source(x, y, 0), v = warp.source(x, y, 1), error = warp.position_error();
            const auto tie = [&](double at) { return std::abs(at - std::floor(at) - 0.5) < error; };
            if (tie(u) || tie(v) || std::abs(warp.beyond(x, y)) < error) continue;  // rounding decides
            sure++;
            const int column = int(std::floor(u + 0.5)), row = int(std::floor(v + 0.5));
            CHECK(out(x, y) == in(clamped(column, in.width()), clamped(row, in.height())));
        }
    CHECK(sure >= 0.95 * W * H);
}

TEST_CASE("augment_labels gives the same bytes for any number of threads", "[repeat][augment_labels]") {
    const TestWarp warp(61, 83, 0, 3, 3);
    const Plane in = numbers(warp.source_width, warp.source_height);
    check_repeats([&](const Kernels &kernels) {
        const Plane out = augmented(kernels, in, warp, 61, 83);
        return std::vector<uint32_t>(out.begin(), out.end());
    });
}

}  // namespace unet::test
