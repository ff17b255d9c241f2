// Contrast, brightness and gamma as they vary between images.
#pragma once
#include "src/base/array.h"
#include "src/base/random.h"

namespace unet {

/// value -> gain * curve(value) + offset on normalised gray values (0 dark, 1 bright).
///
/// curve(v) = v + bend / 2 * (1 / (1 + (2 v - 1)^2) - 1 / 2) leaves 0 and 1 and moves the middle by bend / 4, as a
/// gamma does; it is smooth and, for |bend| < 1.5, rising everywhere, also below 0 and above 1 where a gamma is not
/// defined.
struct GrayVariation {
    float gain = 1, offset = 0, bend = 0;

    /// Uniform: gain within 1 +- 0.25, offset within +- 0.15, bend within +- 0.6, all times `strength` (0 .. 2).
    static GrayVariation draw(Random &random, double strength);
    void apply(Pixels &image) const;
    bool operator==(const GrayVariation &) const = default;
};

}  // namespace unet
