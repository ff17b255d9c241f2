// Contrast, brightness, gamma, sharpness and noise as they vary between images.
#pragma once
#include "src/base/random.h"
#include <array>

namespace unet {

struct GrayOptions {
    /// Strength of gain, offset and bend, 0 .. 2. At 1 the middle of the range moves by up to 0.4, which hides images
    /// of little contrast: those of DIC-HeLa, whose standard deviation is 0.14, were hardly learned for 300 to 5000
    /// steps, at a quarter (and half the learning rate) for 100.
    double variation = 0.25;
    double blur = 0;   ///< largest standard deviation, pixels
    double noise = 0;  ///< largest standard deviation, as a share of the gray values' range
};

/// value -> gain * curve(value) + offset + noise on normalised gray values (0 dark, 1 bright), blurred before.
///
/// curve(v) = v + bend / 2 * (1 / (1 + (2 v - 1)^2) - 1 / 2) leaves 0 and 1 and moves the middle by bend / 4, as a
/// gamma does; it is smooth and, for |bend| < 1.5, rising everywhere, also below 0 and above 1 where a gamma is not
/// defined.
struct GrayVariation {
    double gain = 1, offset = 0, bend = 0;
    double blur = 0, noise = 0;  ///< standard deviations
    uint32_t noise_seed = 0;

    /// Uniform: gain within 1 +- 0.25, offset within +- 0.15, bend within +- 0.6, all times `variation`; blur and noise
    /// from 0 to what the options say. Draws the same numbers whatever the options.
    static GrayVariation draw(Random &random, const GrayOptions &options);
    bool operator==(const GrayVariation &) const = default;
};

/// Weights of a Gaussian on five pixels: of the pixel itself, of those one and two away. Their sum is 1.
std::array<double, 3> blur_weights(double standard_deviation);

}  // namespace unet
