// The transforms of Winograd's minimal filtering F(m x m, 3 x 3).
#pragma once
#include <Halide.h>
#include <cmath>
#include <vector>

namespace unet::generators {

/// m outputs of a filter of 3 taps from m + 2 inputs with m + 2 multiplications:
///   output = A^T [ (G filter) . (B^T input) ]
/// interpolated at 0, a, -a, b, infinity (m = 3) and also at -b (m = 4). In two dimensions each transform is applied
/// along rows and columns, and 9 multiplications per pixel become 2.8 (m = 3) or 2.25 (m = 4).
///
/// Rounding errors grow by the transforms' coefficients, and are smaller when |a|, |b| lie on both sides of 1. Root mean
/// squares over 32 random channels, for results of that size 1: 4.9e-7 for 5/8, 3/2 where the usual 1, 2 give 11e-7
/// (m = 4), 4.1e-7 for 3/4, 2 where 1, 2 give 6.0e-7 (m = 3); the direct sum has 2.0e-7. The points' powers are exact
/// floats. The other factors stand in filter_scales and are applied last.
///
/// Source   Lavin, Gray 2016, "Fast algorithms for convolutional neural networks", section 4; for the choice of points
/// Barabasz, Anderson, Soodhalter, Gregg 2020, "Error analysis and improving the accuracy of Winograd convolution"
class Winograd {
public:
    using Exprs = std::vector<Halide::Expr>;

    explicit Winograd(int outputs)
        : outputs_(outputs), a_(outputs == 3 ? 3 / 4. : 5 / 8.), b_(outputs == 3 ? 2 : 3 / 2.) {
        if (outputs != 3 && outputs != 4) throw Halide::CompileError("F(3x3, 3x3) and F(4x4, 3x3) are known");
    }

    int outputs() const { return outputs_; }     ///< m
    int points() const { return outputs_ + 2; }  ///< inputs, and multiplications

    /// B^T d, from m + 2 inputs: in the row of a point the coefficients of the product of (x - point) over all others.
    Exprs input(const Exprs &d) const {
        const Powers a(a_), b(b_);
        if (outputs_ == 3) {
            const Halide::Expr even = d[3] - b[1] * d[2], odd = d[2] - b[1] * d[1];
            return {even - a[2] * (d[1] - b[1] * d[0]), even + a[1] * odd, even - a[1] * odd, d[3] - a[2] * d[1],
                    (d[4] - b[1] * d[3]) - a[2] * odd};
        }
        const Halide::Expr even_a = d[4] - b[2] * d[2], odd_a = d[3] - b[2] * d[1];
        const Halide::Expr even_b = d[4] - a[2] * d[2], odd_b = d[3] - a[2] * d[1];
        return {even_a - a[2] * (d[2] - b[2] * d[0]),
                even_a + a[1] * odd_a,
                even_a - a[1] * odd_a,
                even_b + b[1] * odd_b,
                even_b - b[1] * odd_b,
                (d[5] - b[2] * d[3]) - a[2] * odd_a};
    }

    /// G g, from 3 taps, without the scale of each row.
    Exprs filter(const Exprs &g) const {
        const Powers a(a_), b(b_);
        const Halide::Expr even_a = g[0] + a[2] * g[2], odd_a = a[1] * g[1];
        const Halide::Expr even_b = g[0] + b[2] * g[2], odd_b = b[1] * g[1];
        if (outputs_ == 3) return {g[0], even_a + odd_a, even_a - odd_a, even_b + odd_b, g[2]};
        return {g[0], even_a + odd_a, even_a - odd_a, even_b + odd_b, even_b - odd_b, g[2]};
    }

    /// The scales of G's rows: 1 / the product of a point's differences from all others; 1 at infinity.
    std::vector<double> filter_scales() const {
        const double a2 = a_ * a_, b2 = b_ * b_;
        if (outputs_ == 3)
            return {1 / (a2 * b_), 1 / (2 * a2 * (a_ - b_)), -1 / (2 * a2 * (a_ + b_)), 1 / (b_ * (b2 - a2)), 1};
        const double of_a = 1 / (2 * a2 * (a2 - b2)), of_b = 1 / (2 * b2 * (b2 - a2));
        return {1 / (a2 * b2), of_a, of_a, of_b, of_b, 1};
    }

    /// A^T p, from m + 2 products: sums of p times the powers 0 to m - 1 of its point.
    Exprs output(const Exprs &p) const {
        const Powers a(a_), b(b_);
        const Halide::Expr sum_a = p[1] + p[2], difference_a = p[1] - p[2];
        if (outputs_ == 3)
            return {p[0] + (sum_a + p[3]), a[1] * difference_a + b[1] * p[3], (a[2] * sum_a + b[2] * p[3]) + p[4]};
        const Halide::Expr sum_b = p[3] + p[4], difference_b = p[3] - p[4];
        return {p[0] + (sum_a + sum_b), a[1] * difference_a + b[1] * difference_b, a[2] * sum_a + b[2] * sum_b,
                (a[3] * difference_a + b[3] * difference_b) + p[5]};
    }

    /// A d, from m values: the transpose of `output`; m = 4.
    Exprs spread(const Exprs &d) const {
        const Powers a(a_), b(b_);
        const Halide::Expr even_a = d[0] + a[2] * d[2], odd_a = a[1] * d[1] + a[3] * d[3];
        const Halide::Expr even_b = d[0] + b[2] * d[2], odd_b = b[1] * d[1] + b[3] * d[3];
        return {d[0], even_a + odd_a, even_a - odd_a, even_b + odd_b, even_b - odd_b, d[3]};
    }

    /// G^T s without the scales, which are applied to s before: the transpose of `filter`; m = 4.
    Exprs gather(const Exprs &s) const {
        const Powers a(a_), b(b_);
        const Halide::Expr sum_a = s[1] + s[2], difference_a = s[1] - s[2];
        const Halide::Expr sum_b = s[3] + s[4], difference_b = s[3] - s[4];
        return {s[0] + (sum_a + sum_b), a[1] * difference_a + b[1] * difference_b,
                (a[2] * sum_a + b[2] * sum_b) + s[5]};
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
    /// Powers 1 to 3 of a point.
    struct Powers {
        double point;
        explicit Powers(double point) : point(point) {}
        Halide::Expr operator[](int power) const { return float(std::pow(point, power)); }
    };

    int outputs_;
    double a_, b_;
};

}  // namespace unet::generators
