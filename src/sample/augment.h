// Samples varied: moved, deformed, with other gray values. The kernels augment_image and augment_labels do the work.
#pragma once
#include "src/base/array.h"
#include "src/sample/deformation.h"
#include "src/sample/gray_variation.h"

namespace unet {

struct AugmentOptions {
    DeformationOptions deformation;
    GrayOptions gray;
    bool cubic = true;     ///< image values between pixels: bicubic, or bilinear
    double em_faults = 0;  ///< share of samples that look as from a missing, dark or misaligned slice
};

/// How one sample is varied.
struct Augmentation {
    Deformation deformation;
    GrayVariation gray;
    bool cubic = true;

    static Augmentation draw(Random &random, const AugmentOptions &options);
};

/// What `augmented_image` reads beyond the pixels it writes.
constexpr int blur_rim = 2;

/// The pixels of a sample out of `source`, the pixels warp.source of its page.
Pixels augmented_image(const Pixels &source, const Warp &warp, const Augmentation &augmentation);
Ids augmented_labels(const Ids &source, const Warp &warp);

}  // namespace unet
