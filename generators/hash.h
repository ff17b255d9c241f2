// Random bits as a function of where they are needed.
#pragma once
#include <Halide.h>

namespace unet::generators {

/// The finaliser of MurmurHash3 (public domain): every input bit changes half of the output bits.
inline Halide::Expr mixed(Halide::Expr h) {
    using Halide::Expr;
    h = (h ^ (h >> 16)) * Expr(0x85ebca6bu);
    h = (h ^ (h >> 13)) * Expr(0xc2b2ae35u);
    return h ^ (h >> 16);
}

/// Bits of pixel (x, y), both below 65536, and channel `c`. Mixed before the seed is added: or else the pattern of the
/// next seed would be this one, shifted by a pixel.
inline Halide::Expr random_bits(const Halide::Expr &c, const Halide::Expr &x, const Halide::Expr &y,
                                const Halide::Expr &seed) {
    using Halide::Expr;
    const auto word = [](const Expr &e) { return Halide::cast<uint32_t>(e); };
    const Expr pixel = mixed(mixed(word(x) + word(y) * Expr(65536u)) + seed);
    return mixed(pixel + word(c) * Expr(0x9e3779b9u));
}

}  // namespace unet::generators
