// How well the network knows what it learns from, to be compared with validation.
#pragma once
#include "pipeline/train_data.h"
#include "src/net/prepared_weights.h"

namespace unet {

/// Mean IoU, as of validation, of the middle 512 x 512 pixels of up to three training slices as they are: neither
/// turned nor bent. Not more of them than slices validate. Throws what segment_part throws.
double training_iou(const PreparedWeights &weights, const TrainData &data);

}  // namespace unet
