// The transforms of Winograd's minimal filtering F(m x m, 3 x 3).
#pragma once
#include <Halide.h>
#include <cmath>
#include <vector>

namespace unet::generators {

/// m outputs of a filter of 3 taps from m + 2 inputs with m + 2 multiplications:
///   output = A^T [ (G filter) . (B^T input) ]
/// interpolated at 0, at pairs of points p, -p and at infinity. In two dimensions each transform is applied along rows and
/// columns, and 9 multiplications per pixel become 2.25 (m = 4) or 1.8 (m = 6).
///
/// Rounding errors grow by the transforms' coefficients, and are smaller when points lie on both sides of 1. Root mean
/// squares over 32 channels of uniform numbers, for results of that size 1: 6.2e-7 for 5/8, 3/2, about twice that for the
/// usual 1, 2 (m = 4); 26e-7 for 1/2, 1, 2, the best of the triples of 19 points from 1/4 to 5/2 (m = 6); 3.1e-7 for the
/// direct sum. The points' powers are exact floats. The other factors stand in filter_scales and are applied last.
///
/// Source   Lavin, Gray 2016, "Fast algorithms for convolutional neural networks", section 4; for the choice of points
/// Barabasz, Anderson, Soodhalter, Gregg 2020, "Error analysis and improving the accuracy of Winograd convolution"
class Winograd {
public:
    using Exprs = std::vector<Halide::Expr>;

    explicit Winograd(int outputs) : outputs_(outputs) {
        switch (outputs) {
        case 4: pairs_ = {5 / 8., 3 / 2.}; break;
        case 6: pairs_ = {1 / 2., 1, 2}; break;
        default: throw Halide::CompileError("F(m x m, 3 x 3) is known for m = 4 and 6");
        }
    }

    int outputs() const { return outputs_; }     ///< m
    int points() const { return outputs_ + 2; }  ///< inputs, and multiplications

    /// B^T d, from m + 2 inputs: in the row of a point the coefficients of the product of (x - point) over all others.
    Exprs input(const Exprs &d) const {
        const Exprs others = without_pair(0, d);
        const Halide::Expr first = power(pairs_[0], 2);
        Exprs result = {others[2] - first * others[0]};
        for (size_t pair = 0; pair < pairs_.size(); pair++) {
            const Exprs e = without_pair(pair, d);
            const Halide::Expr odd = power(pairs_[pair], 1) * e[1];
            result.insert(result.end(), {e[2] + odd, e[2] - odd});
        }
        result.push_back(others[3] - first * others[1]);
        return result;
    }

    /// G g, from 3 taps, without the scale of each row.
    Exprs filter(const Exprs &g) const { return evaluate(g); }

    /// The scales of G's rows: 1 / the product of a point's differences from all others; 1 at infinity.
    std::vector<double> filter_scales() const {
        std::vector<double> points = {0}, scales;
        for (const double p : pairs_) points.insert(points.end(), {p, -p});
        for (const double point : points) {
            double product = 1;
            for (const double other : points)
                if (other != point) product *= point - other;
            scales.push_back(1 / product);
        }
        scales.push_back(1);
        return scales;
    }

    /// A^T p, from m + 2 products: sums of p times the powers 0 to m - 1 of its point.
    Exprs output(const Exprs &p) const { return sum_powers(p, outputs_); }

    /// A d, from m values: the transpose of `output`.
    Exprs spread(const Exprs &d) const { return evaluate(d); }

    /// G^T s without the scales, which are applied to s before: the transpose of `filter`.
    Exprs gather(const Exprs &s) const { return sum_powers(s, 3); }

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
    static Halide::Expr power(double point, int exponent) { return float(std::pow(point, exponent)); }

    /// The product of (x - p) (x + p) over all pairs but one, its coefficients applied from each of d on.
    Exprs without_pair(size_t pair, Exprs d) const {
        for (size_t other = pairs_.size(); other-- > 0;) {
            if (other == pair) continue;
            for (size_t i = 0; i + 2 < d.size(); i++) d[i] = d[i + 2] - power(pairs_[other], 2) * d[i];
            d.resize(d.size() - 2);
        }
        return d;
    }

    /// The polynomial of these coefficients at each point.
    Exprs evaluate(const Exprs &coefficients) const {
        const auto terms = [&](double point, size_t from) {
            Halide::Expr sum;
            for (size_t i = from; i < coefficients.size(); i += 2) {
                const Halide::Expr term = i ? power(point, int(i)) * coefficients[i] : coefficients[i];
                sum = sum.defined() ? sum + term : term;
            }
            return sum;
        };
        Exprs result = {coefficients.front()};
        for (const double p : pairs_) {
            const Halide::Expr even = terms(p, 0), odd = terms(p, 1);
            result.insert(result.end(), {even + odd, even - odd});
        }
        result.push_back(coefficients.back());
        return result;
    }

    /// Sums of values times the powers 0 to count - 1 of their points; the transpose of `evaluate`.
    Exprs sum_powers(const Exprs &values, int count) const {
        Exprs result;
        for (int exponent = 0; exponent < count; exponent++) {
            Halide::Expr sum;
            for (size_t pair = 0; pair < pairs_.size(); pair++) {
                const Halide::Expr at_p = values[2 * pair + 1], at_minus_p = values[2 * pair + 2];
                const Halide::Expr both = exponent % 2 ? at_p - at_minus_p : at_p + at_minus_p;
                const Halide::Expr term = exponent ? power(pairs_[pair], exponent) * both : both;
                sum = sum.defined() ? sum + term : term;
            }
            if (exponent == 0) sum = values.front() + sum;
            if (exponent == count - 1) sum = sum + values.back();
            result.push_back(sum);
        }
        return result;
    }

    int outputs_;
    std::vector<double> pairs_;  // points p; -p is one, too
};

}  // namespace unet::generators
