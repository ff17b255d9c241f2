// The transforms of Winograd's minimal filtering F(m x m, 3 x 3).
#pragma once
#include <Halide.h>
#include <vector>

namespace unet::generators {

/// m outputs of a filter of 3 taps from m + 2 inputs with m + 2 multiplications:
///   output = A^T [ (G filter) . (B^T input) ]
/// interpolated at 0, 1, -1, 2, infinity (m = 3) and also at -2 (m = 4). In two dimensions each transform is applied
/// along rows and columns, and 9 multiplications per pixel become 2.8 (m = 3) or 2.25 (m = 4). Rounding errors grow by
/// the transforms' coefficients: some ten times.
///
/// The factors inside the sums are powers of two and so exact. The others stand in filter_scales and are applied last.
///
/// Source   Lavin, Gray 2016, "Fast algorithms for convolutional neural networks", section 4
class Winograd {
public:
    using Exprs = std::vector<Halide::Expr>;

    explicit Winograd(int outputs) : outputs_(outputs) {
        if (outputs != 3 && outputs != 4) throw Halide::CompileError("F(3x3, 3x3) and F(4x4, 3x3) are known");
    }

    int outputs() const { return outputs_; }     ///< m
    int points() const { return outputs_ + 2; }  ///< inputs, and multiplications

    /// B^T d, from m + 2 inputs.
    Exprs input(const Exprs &d) const {
        if (outputs_ == 3) {
            const Halide::Expr even = d[3] - d[2], odd = d[3] - d[1];
            return {odd + 2.0f * (d[0] - d[2]), even - 2.0f * d[1], even + 2.0f * (d[1] - d[2]), odd,
                    (d[4] - d[2]) - 2.0f * odd};
        }
        const Halide::Expr even_1 = d[4] - 4.0f * d[2], odd_1 = d[3] - 4.0f * d[1];
        const Halide::Expr even_2 = d[4] - d[2], odd_2 = d[3] - d[1];
        return {even_2 + 4.0f * (d[0] - d[2]), even_1 + odd_1,        even_1 - odd_1,
                even_2 + 2.0f * odd_2,         even_2 - 2.0f * odd_2, (d[5] - d[3]) + 4.0f * (d[1] - d[3])};
    }

    /// G g, from 3 taps, without the scale of each row.
    Exprs filter(const Exprs &g) const {
        const Halide::Expr ends = g[0] + g[2];
        const Halide::Expr far = g[0] + 4.0f * g[2];
        if (outputs_ == 3) return {g[0], ends + g[1], ends - g[1], far + 2.0f * g[1], g[2]};
        return {g[0], ends + g[1], ends - g[1], far + 2.0f * g[1], far - 2.0f * g[1], g[2]};
    }

    /// The scales of G's rows.
    std::vector<double> filter_scales() const {
        if (outputs_ == 3) return {1 / 2., -1 / 2., -1 / 6., 1 / 6., 1};
        return {1 / 4., -1 / 6., -1 / 6., 1 / 24., 1 / 24., 1};
    }

    /// A^T p, from m + 2 products.
    Exprs output(const Exprs &p) const {
        const Halide::Expr sum_1 = p[1] + p[2], difference_1 = p[1] - p[2];
        if (outputs_ == 3)
            return {p[0] + (sum_1 + p[3]), difference_1 + 2.0f * p[3], (sum_1 + 4.0f * p[3]) + p[4]};
        const Halide::Expr sum_2 = p[3] + p[4], difference_2 = p[3] - p[4];
        return {p[0] + (sum_1 + sum_2), difference_1 + 2.0f * difference_2, sum_1 + 4.0f * sum_2,
                (difference_1 + 8.0f * difference_2) + p[5]};
    }

    /// A d, from m values: the transpose of `output`; m = 4.
    Exprs spread(const Exprs &d) const {
        const Halide::Expr even_1 = d[0] + d[2], odd_1 = d[1] + d[3];
        const Halide::Expr even_2 = d[0] + 4.0f * d[2], odd_2 = 2.0f * d[1] + 8.0f * d[3];
        return {d[0], even_1 + odd_1, even_1 - odd_1, even_2 + odd_2, even_2 - odd_2, d[3]};
    }

    /// G^T s without the scales, which are applied to s before: the transpose of `filter`; m = 4.
    Exprs gather(const Exprs &s) const {
        const Halide::Expr sum_1 = s[1] + s[2], difference_1 = s[1] - s[2];
        const Halide::Expr sum_2 = s[3] + s[4], difference_2 = s[3] - s[4];
        return {s[0] + (sum_1 + sum_2), difference_1 + 2.0f * difference_2, (sum_1 + 4.0f * sum_2) + s[5]};
    }

    /// Element `index` of `transform`, taken of value(0), ..., value(m + 1); the loop over `index` is to be unrolled.
    /// Sums stay as they are written: compilers reorder them otherwise, on each target in another way.
    template<class Transform, class Value>
    Halide::Expr element(const Halide::Var &index, Transform transform, Value value) const {
        return element(index, points(), transform, value);
    }
    /// The same of value(0), ..., value(count - 1).
    template<class Transform, class Value>
    Halide::Expr element(const Halide::Var &index, int count, Transform transform, Value value) const {
        Exprs values;
        for (int i = 0; i < count; i++) values.push_back(value(i));
        return strict_float(mux(Halide::Expr(index), transform(values)));
    }

private:
    int outputs_;
};

}  // namespace unet::generators
