#include "src/sample/gray_variation.h"

namespace unet {

GrayVariation GrayVariation::draw(Random &random, double strength) {
    GrayVariation variation;
    variation.gain = float(1 + strength * random.uniform(-0.25, 0.25));
    variation.offset = float(strength * random.uniform(-0.15, 0.15));
    variation.bend = float(strength * random.uniform(-0.6, 0.6));
    return variation;
}

void GrayVariation::apply(Pixels &image) const {
    if (*this == GrayVariation()) return;
    for (float &value : image.values) {
        const float side = 2 * value - 1;
        const float curve = value + bend / 2 * (1 / (1 + side * side) - 0.5f);
        value = gain * curve + offset;
    }
}

}  // namespace unet
