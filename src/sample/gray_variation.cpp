#include "src/sample/gray_variation.h"
#include <cmath>

namespace unet {

GrayVariation GrayVariation::draw(Random &random, const GrayOptions &options) {
    GrayVariation drawn;
    drawn.gain = 1 + options.variation * random.uniform(-0.25, 0.25);
    drawn.offset = options.variation * random.uniform(-0.15, 0.15);
    drawn.bend = options.variation * random.uniform(-0.6, 0.6);
    drawn.blur = options.blur * random.uniform();
    drawn.noise = options.noise * random.uniform();
    drawn.noise_seed = uint32_t(random.bits() >> 32);
    return drawn;
}

std::array<double, 3> blur_weights(double standard_deviation) {
    if (standard_deviation <= 0) return {1, 0, 0};
    const double variance = standard_deviation * standard_deviation;
    const double one = std::exp(-0.5 / variance), two = std::exp(-2 / variance);
    const double sum = 1 + 2 * one + 2 * two;
    return {1 / sum, one / sum, two / sum};
}

}  // namespace unet
