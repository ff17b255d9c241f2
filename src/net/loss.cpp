#include "src/net/loss.h"
#include "src/kernels/kernels.h"
#include <vector>

namespace unet {

namespace {

constexpr double smooth = 1;  // pixels of weight 1: keeps the Dice index of an absent class at 1

using RowSums = Halide::Runtime::Buffer<float, 2>;       // [H, N]
using ClassRowSums = Halide::Runtime::Buffer<float, 3>;  // [C, H, N]
using ClassValues = Halide::Runtime::Buffer<float, 1>;   // [C]

/// One call's input, as the kernels take it.
struct LossInput {
    Image scores;
    Halide::Runtime::Buffer<uint8_t, 3> labels;
    Halide::Runtime::Buffer<float, 3> weights;
    int classes;
    double scale;  // 1 / the sum of weights that count

    int height() const { return scores.dim(2).extent(); }
    int channels() const { return scores.dim(0).extent(); }
};

double scale_of(const Classes &labels, const Pixels &weights, int classes) {
    double total = 0;
    for (size_t i = 0; i < labels.values.size(); i++)
        if (labels.values[i] < classes) total += weights.values[i];
    return total > 0 ? 1 / total : 0;
}

double sum(const RowSums &rows) {
    double sum = 0;
    for (int y = 0; y < rows.dim(0).extent(); y++) sum += rows(y, 0);
    return sum;
}

double cross_entropy(const LossInput &in, Image d_scores) {
    RowSums rows(in.height(), 1);
    run(kernels().softmax_loss, in.scores, in.labels, in.weights, in.classes, float(in.scale), d_scores, rows);
    return sum(rows) * in.scale;
}

double focal(const LossInput &in, double focus, Image d_scores) {
    RowSums rows(in.height(), 1);
    run(kernels().focal_loss, in.scores, in.labels, in.weights, in.classes, float(focus), float(in.scale), d_scores,
        rows);
    return sum(rows) * in.scale;
}

std::vector<double> sums(const ClassRowSums &rows, int classes) {
    std::vector<double> sums(size_t(classes), 0);
    for (int y = 0; y < rows.dim(1).extent(); y++)
        for (int c = 0; c < classes; c++) sums[c] += rows(c, y, 0);
    return sums;
}

/// Adds `entropy_share` times the gradient of the cross-entropy.
double dice(const LossInput &in, double entropy_share, Image d_scores) {
    ClassRowSums overlap_rows(in.channels(), in.height(), 1), size_rows(in.channels(), in.height(), 1);
    run(kernels().dice_sums, in.scores, in.labels, in.weights, in.classes, overlap_rows, size_rows);
    const auto overlap = sums(overlap_rows, in.classes), size = sums(size_rows, in.classes);

    ClassValues by_overlap(in.channels()), by_size(in.channels());
    by_overlap.fill(0), by_size.fill(0);
    double loss = 0;
    for (int c = 0; c < in.classes; c++) {
        const double index = (2 * overlap[c] + smooth) / (size[c] + smooth);
        loss += (1 - index) / in.classes;
        by_overlap(c) = float(-2 / (size[c] + smooth) / in.classes);
        by_size(c) = float(index / (size[c] + smooth) / in.classes);
    }
    run(kernels().dice_input_grad, in.scores, in.labels, in.weights, in.classes, by_overlap, by_size,
        float(entropy_share * in.scale), d_scores);
    return loss;
}

}  // namespace

double loss_and_gradient(const LossOptions &options, const Classes &labels, const Pixels &weights, int classes,
                         const Tensor &scores, Tensor &d_scores) {
    const auto [width, height] = scores.size();
    const LossInput in{
        scores.exact(),
        Halide::Runtime::Buffer<uint8_t, 3>(const_cast<uint8_t *>(labels.values.data()), width, height, 1),
        Halide::Runtime::Buffer<float, 3>(const_cast<float *>(weights.values.data()), width, height, 1), classes,
        scale_of(labels, weights, classes)};
    const Image gradient = d_scores.exact();
    switch (options.form) {
    case LossForm::focal: return focal(in, options.focus, gradient);
    case LossForm::dice: return dice(in, 0, gradient);
    case LossForm::cross_entropy_and_dice: {
        const double entropy = cross_entropy(in, gradient);
        return entropy + dice(in, 1, gradient);
    }
    default: return cross_entropy(in, gradient);
    }
}

}  // namespace unet
