#include "tests/kernels/support.h"
#include "tests/kernels/targets.h"

namespace unet::test {

TEST_CASE("clear_surplus writes zeros around an image and nothing else", "[definition][clear_surplus]") {
    const Kernels kernels = GENERATE(each_family());
    const auto [C, W, H, N] =
        GENERATE(table<int, int, int, int>({{1, 1, 1, 1}, {3, 7, 2, 2}, {16, 13, 9, 1}, {48, 5, 17, 1}}));
    CAPTURE(kernels.name, C, W, H, N);
    Image stored(C, W + 9, H + 7, N);
    stored.set_min(0, -4, -2, 0);
    random(stored, 1);
    const Image before = stored.copy();

    run(kernels.clear_surplus, W, H, stored);

    const int width = W, height = H;
    const auto cleared = [&](int c, int x, int y, int n) {
        return x >= 0 && x < width && y >= 0 && y < height ? before(c, x, y, n) : 0.0f;
    };
    CHECK(max_difference(stored, cleared) == 0);
}

}  // namespace unet::test
