// Rare classes count as much as common ones.
#pragma once
#include "src/sample/labels.h"

namespace unet {

/// Weight of each class in the loss: pixels / (classes * pixels of the class), ignored pixels left out. So all classes
/// together weigh alike, and the mean weight over the training set is 1.
/// Source   Ronneberger et al. 2015, w_c of equation 2
std::vector<double> class_weights(const LabelSurvey &survey);

}  // namespace unet
