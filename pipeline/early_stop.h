// When training ends before its last step.
#pragma once
#include "pipeline/checkpoint.h"
#include "src/score/confusion.h"

namespace unet {

/// Counts the validations in a row in which one class alone was predicted: such a network has found the level of its
/// weights, and does not leave it again. Throws Error(data) with the remedy at the fourth.
void watch_collapse(const Confusion &confusion, int64_t steps_done, TrainProgress &progress);

/// Whether `patience` validations brought nothing better; never for 0.
bool out_of_patience(const TrainProgress &progress, int64_t steps_done, int patience);

}  // namespace unet
