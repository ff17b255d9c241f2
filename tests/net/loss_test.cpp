// Losses of whole samples, against definitions in double; the gradient by central differences.
#include "src/base/random.h"
#include "src/kernels/kernels.h"
#include "src/net/loss.h"
#include "tests/families.h"
#include <catch2/catch.hpp>
#include <cmath>

using namespace unet;

namespace {

constexpr int classes = 3, W = 7, H = 5;

struct LossSample {
    Tensor scores{classes, {W, H}}, d_scores{classes, {W, H}};
    std::vector<float> memory, gradient_memory;
    Classes labels{1, W, H};
    Pixels weights{1, W, H};

    LossSample() : memory(scores.bytes() / sizeof(float)), gradient_memory(memory.size()) {
        scores.place(memory.data());
        d_scores.place(gradient_memory.data());
        Random random(7, 0);
        Image image = scores.exact();
        for (int y = 0; y < H; y++)
            for (int x = 0; x < W; x++) {
                for (int c = 0; c < classes; c++) image(c, x, y, 0) = float(random.uniform(-2, 2));
                labels(x, y) = random.uniform() < 0.1 ? ignored : uint8_t(random.below(classes));
                weights(x, y) = float(random.uniform(0, 2));
            }
    }

    double loss(const LossOptions &options) {
        return loss_and_gradient(options, labels, weights, classes, scores, d_scores);
    }

    double p(int c, int x, int y) const {
        const Image image = scores.exact();
        double total = 0;
        for (int k = 0; k < classes; k++) total += std::exp(double(image(k, x, y, 0)));
        return std::exp(double(image(c, x, y, 0))) / total;
    }
    double counted(int x, int y) const { return labels(x, y) == ignored ? 0 : double(weights(x, y)); }

    template<class Value>
    double sum(Value value) const {
        double sum = 0;
        for (int y = 0; y < H; y++)
            for (int x = 0; x < W; x++)
                if (counted(x, y) > 0) sum += counted(x, y) * value(x, y);
        return sum;
    }

    double focal(double focus) const {
        return sum([&](int x, int y) {
                   const double own = p(labels(x, y), x, y);
                   return -std::pow(1 - own, focus) * std::log(own);
               }) /
               sum([](int, int) { return 1.0; });
    }
    double dice() const {
        double loss = 1;
        for (int c = 0; c < classes; c++) {
            const double overlap = sum([&](int x, int y) { return labels(x, y) == c ? p(c, x, y) : 0; });
            const double size = sum([&](int x, int y) { return p(c, x, y) + (labels(x, y) == c); });
            loss -= (2 * overlap + 1) / (size + 1) / classes;
        }
        return loss;
    }
    double definition(const LossOptions &options) const {
        switch (options.form) {
        case LossForm::focal: return focal(options.focus);
        case LossForm::dice: return dice();
        case LossForm::cross_entropy_and_dice: return focal(0) + dice();
        default: return focal(0);
        }
    }
};

}  // namespace

TEST_CASE("each loss is what its definition says", "[definition][loss]") {
    const LossOptions options{
        GENERATE(LossForm::cross_entropy, LossForm::focal, LossForm::dice, LossForm::cross_entropy_and_dice), 2};
    const test::UseKernels used(GENERATE(test::each_family()));
    LossSample sample;
    CHECK(sample.loss(options) == Approx(sample.definition(options)).epsilon(1e-6));
}

TEST_CASE("each loss comes with its own gradient", "[gradient][loss]") {
    const LossOptions options{
        GENERATE(LossForm::cross_entropy, LossForm::focal, LossForm::dice, LossForm::cross_entropy_and_dice), 2};
    const test::UseKernels used(GENERATE(test::each_family()));
    LossSample sample;
    sample.loss(options);
    Image scores = sample.scores.exact(), gradient = sample.d_scores.exact();
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++)
            for (int c = 0; c < classes; c++) {
                const float score = scores(c, x, y, 0), above = score + 1e-2f, below = score - 1e-2f;
                scores(c, x, y, 0) = above;
                const double more = sample.definition(options);
                scores(c, x, y, 0) = below;
                const double less = sample.definition(options);
                scores(c, x, y, 0) = score;
                CHECK(gradient(c, x, y, 0) == Approx((more - less) / (double(above) - below)).margin(2e-6));
            }
}

TEST_CASE("a sample without a label loses nothing and teaches nothing", "[definition][loss]") {
    const LossOptions options{
        GENERATE(LossForm::cross_entropy, LossForm::focal, LossForm::dice, LossForm::cross_entropy_and_dice), 2};
    const test::UseKernels used(GENERATE(test::each_family()));
    LossSample sample;
    std::fill(sample.labels.values.begin(), sample.labels.values.end(), ignored);
    CHECK(sample.loss(options) == 0);
    const Image gradient = sample.d_scores.exact();
    for (int c = 0; c < classes; c++) CHECK(gradient(c, 3, 2, 0) == 0);
}
