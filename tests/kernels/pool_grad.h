// What the tests of both pools' gradients share.
#pragma once
#include "tests/kernels/support.h"

namespace unet::test {

/// An image of W x H with its pooled gradient, and the gradient of a skip connection that took a centre crop of it.
struct Pool {
    int C, W, H;
    Image in, d_out, d_skip, d_in;

    Pool(int C, int W, int H, int N, int crop)
        : C(C), W(W), H(H), in(columns(random_image({C, W, H, N}, 1), W)),
          d_out(columns(random_image({C, W / 2, H / 2, N}, 2), W / 2)),
          d_skip(columns(random_image({C, W - 2 * crop, H - 2 * crop, N}, 3), W - 2 * crop)),
          d_in(columns(unset({C, W, H, N}), W)) {
        d_skip.set_min(0, crop, crop, 0);
    }

    /// The skip connection's part of the gradient.
    double skip(int c, int x, int y, int n) const { return d_skip.contains(c, x, y, n) ? d_skip(c, x, y, n) : 0.0; }
    /// Is (x, y) in a whole cell, not in a last odd column or row?
    bool in_cell(int x, int y) const { return x / 2 < W / 2 && y / 2 < H / 2; }
};

}  // namespace unet::test
