// What the tests of loss kernels share: scores, labels and weights of pixels.
#pragma once
#include "src/kernels/kernels.h"
#include "tests/kernels/support.h"

namespace unet::test {

using Labels = Halide::Runtime::Buffer<uint8_t, 3>;
using Weights = Halide::Runtime::Buffer<float, 3>;
using Losses = Halide::Runtime::Buffer<float, 2>;

/// Scores, labels and weights of pixels; some labels are ignored, some weights are 0.
struct Pixelwise {
    int classes;
    Image scores;
    Labels label;
    Weights weight;
    float scale = 0.25f;
    Image d_in;
    Losses row_loss;

    Pixelwise(int classes, int W, int H, int N, float size)
        : classes(classes), scores(columns(random_image({classes, W, H, N}, 1), W)), label(W, H, N),
          weight(random(Weights(W, H, N), 2)), d_in(columns(unset({classes, W, H, N}), W)),
          row_loss(filled(Losses(H, N), nan)) {
        scores.for_each_value([&](float &score) { score *= size; });
        Random values(3, 0);
        label.for_each_value([&](uint8_t &value) {
            const auto drawn = values.below(classes + 3);  // one past the last class counts nothing either
            value = drawn <= uint64_t(classes) ? uint8_t(drawn) : ignored_label;
        });
        weight.for_each_value([&](float &value) { value = value < -0.5f ? 0 : value + 0.5f; });
    }
    static constexpr uint8_t ignored_label = 255;

    double counted(int x, int y, int n) const { return label(x, y, n) < classes ? weight(x, y, n) : 0; }

    /// Logarithms of a pixel's softmax in double, with its score of class `moved` moved by `step`.
    std::vector<double> log_softmax(int x, int y, int n, int moved = 0, double step = 0) const {
        std::vector<double> logs;
        for (int c = 0; c < classes; c++) logs.push_back(scores(c, x, y, n) + (c == moved ? step : 0));
        const double largest = *std::max_element(logs.begin(), logs.end());
        double total = 0;
        for (const double score : logs) total += std::exp(score - largest);
        for (double &score : logs) score -= largest + std::log(total);
        return logs;
    }

    /// Weighted cross-entropy of a pixel.
    double cross_entropy(int x, int y, int n, int moved = 0, double step = 0) const {
        if (counted(x, y, n) == 0) return 0;
        return -counted(x, y, n) * log_softmax(x, y, n, moved, step)[label(x, y, n)];
    }
};

}  // namespace unet::test
