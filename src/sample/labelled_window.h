// Labels and weights of a part of a page, as training counts them.
#pragma once
#include "src/sample/labels.h"
#include "src/sample/weight_map.h"

namespace unet {

struct LabelledWindow {
    Classes labels;  ///< [1, W, H]
    Pixels weights;  ///< [1, W, H]; 0 on ignored pixels
};

/// Pixels of label values around a window that its weights depend on.
int window_rim(const WeightOptions &weights);

/// Of label values [1, W + 2 window_rim, H + 2 window_rim]. Touching cells are parted before anything else. Throws
/// Error(data) for values that the scheme does not know.
LabelledWindow labelled_window(const Ids &ids_with_rim, const LabelScheme &scheme,
                               const std::vector<double> &class_weights, const WeightOptions &weights);

}  // namespace unet
