// augment_image: what is computed. How, on a given machine: schedules/<family>/augment_image.cpp.
#pragma once
#include "generators/hash.h"
#include "generators/knobs.h"
#include "generators/warp.h"
#include <vector>

namespace unet::generators {

/// A training image out of its source in one pass: warped (generators/warp.h) with interpolation, blurred, its gray
/// values varied, noise added.
///
///   value -> gain * (v + bend / 2 * (1 / (1 + (2 v - 1)^2) - 1 / 2)) + offset + noise * n
///
/// where v is the blurred value and n is nearly normal: the sum of four uniform numbers, with variance 1, a function of
/// (seed, k, x, y) only. The blur is separable, over 5 x 5 pixels, and reads warped pixels around the result: columns
/// and rows of the warp begin two pixels earlier and end two later. Between pixels: the cubic convolution of Keys with
/// a = -1/2, or linear. At whole positions both give the source's own value. Positions outside the source are clamped.
///
/// Shapes   in [K, W', H'] -> out [K, W, H]; blur [3]: weight of the pixel itself, of those one and two away; gray [4]:
///          gain, offset, bend, noise
/// Source   Ronneberger et al. 2015, section 3.1; Keys 1981
struct AugmentImage {
    using Expr = Halide::Expr;
    Halide::Var k{"k"}, x{"x"}, y{"y"};
    Warp warp;
    Halide::Func warped{"warped"}, smoothed{"smoothed"}, result{"out"};
    Expr channels;

    AugmentImage(Halide::Func in, Warp warp, Expr channels, Expr width, Expr height, Expr cubic, Halide::Func blur,
                 Halide::Func gray, Expr seed)
        : warp(warp), channels(channels) {
        const Expr source_x = warp.source(x, y, 0), source_y = warp.source(x, y, 1);
        const Expr first_x = floor(source_x), first_y = floor(source_y);
        const std::vector<Expr> across = weights(source_x - first_x, cubic), down = weights(source_y - first_y, cubic);
        Expr value = 0.0f;
        for (int b = 0; b < 4; b++) {
            Expr row = 0.0f;
            for (int a = 0; a < 4; a++)
                row += across[a] * in(k, clamp(Halide::cast<int>(first_x) + (a - 1), 0, width - 1),
                                      clamp(Halide::cast<int>(first_y) + (b - 1), 0, height - 1));
            value += down[b] * row;
        }
        warped(k, x, y) = strict_float(value);
        smoothed(k, x, y) = strict_float(five_taps(blur, [&](int t) { return warped(k, x, y + t); }));
        const Expr v = five_taps(blur, [&](int t) { return smoothed(k, x + t, y); });
        const Expr side = 2.0f * v - 1.0f;
        const Expr curve = v + gray(2) / 2.0f * (1.0f / (1.0f + side * side) - 0.5f);
        result(k, x, y) = strict_float(gray(0) * curve + gray(1) + gray(3) * normal(seed));
    }

private:
    /// Of the pixels at -1, 0, 1, 2 for a position `t` behind pixel 0.
    static std::vector<Expr> weights(Expr t, Expr cubic) {
        const auto either = [&](Expr of_cubic, Expr of_linear) { return select(cubic, of_cubic, of_linear); };
        return {either(((-0.5f * t + 1.0f) * t - 0.5f) * t, 0.0f),
                either((1.5f * t - 2.5f) * t * t + 1.0f, 1.0f - t),
                either(((-1.5f * t + 2.0f) * t + 0.5f) * t, t), either((0.5f * t - 0.5f) * t * t, 0.0f)};
    }

    template<class At>
    static Expr five_taps(const Halide::Func &blur, At at) {
        return blur(0) * at(0) + blur(1) * (at(-1) + at(1)) + blur(2) * (at(-2) + at(2));
    }

    Expr normal(Expr seed) const {
        const Expr bits = random_bits(k, x, y, seed), more = mixed(bits + Expr(0x9e3779b9u));
        const auto halves = [](const Expr &word) {
            return Halide::cast<int>(word & Expr(0xffffu)) + Halide::cast<int>(word >> 16);
        };
        // Four whole numbers below 2^16: mean 131070, variance (2^32 - 1) / 3.
        return Halide::cast<float>(halves(bits) + halves(more) - 131070) * float(1.7320508075688772 / 65536);
    }
};
void schedule(AugmentImage &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
