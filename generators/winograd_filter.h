// winograd_filter: what is computed. How, on a given machine: schedules/<family>/winograd_filter.cpp.
#pragma once
#include "generators/knobs.h"
#include "generators/layout.h"
#include "generators/winograd.h"
#include <bit>

namespace unet::generators {

/// A 3x3 filter as conv3x3_winograd multiplies by it: out(c, k, u, v) = (G filter(c, ., ., k) G^T)(u, v). With
/// `turned`, that of the gradient to the input, where c and k change places and the taps are turned by half.
///
/// The filters of the forward pass are transformed in double precision, which takes 40 % off the errors of a trained
/// network's probabilities (bench/winograd_error.py: 6.2e-6 to 3.6e-6 with m = 6, 2.6e-6 to 1.9e-6 before).
///
/// Shapes   filter [16, 3, 3, K, C / 16] -> out [16, K, m + 2, m + 2, C / 16]; turned: [16, C, m + 2, m + 2, K / 16]
/// Source   generators/winograd.h
struct WinogradFilter {
    Winograd winograd;
    bool turned;
    Halide::Var ci{"ci"}, i{"i"}, j{"j"}, k{"k"}, u{"u"}, v{"v"}, block{"block"};
    Halide::Func taps{"taps"}, columns{"columns"}, result{"out"};

    WinogradFilter(int m, Halide::Func filter, bool turned) : winograd(m), turned(turned) {
        using Halide::Expr;
        const auto transform = [this](const Winograd::Exprs &g) { return winograd.filter(g); };
        const Expr c = block * channel_block + ci;
        taps(ci, i, j, k, block) =
            turned ? filter_at(filter, k, 2 - i, 2 - j, c) : Halide::cast<double>(filter_at(filter, c, i, j, k));
        columns(ci, i, v, k, block) =
            winograd.element(v, 3, transform, [&](int row) { return taps(ci, i, row, k, block); });
        result(ci, k, u, v, block) = Halide::cast<float>(strict_float(
            winograd.element(u, 3, transform, [&](int column) { return columns(ci, column, v, k, block); }) * scale()));
    }

private:
    // Halide 21 rounds literals to float when it writes OpenCL: 0.1195 was off by 3e-8, and the gradient to the filter of the head by
    // 2.5 times what it is on a CPU (PoCL, 2026-11-27).
    static Halide::Expr exact(double value) { return Halide::reinterpret<double>(Halide::Expr(std::bit_cast<uint64_t>(value))); }

    Halide::Expr scale() const {
        using Halide::Expr;
        const std::vector<double> scales = winograd.filter_scales();
        Winograd::Exprs rows;
        for (const double of_v : scales) {
            Winograd::Exprs row;
            for (const double of_u : scales) row.push_back(turned ? Expr(float(of_u * of_v)) : exact(of_u * of_v));
            rows.push_back(mux(Halide::Expr(u), row));
        }
        return mux(Halide::Expr(v), rows);
    }
};
void schedule(WinogradFilter &op, const Halide::Target &target, const Knobs &knobs);  // one body per family

}  // namespace unet::generators
