// What the network makes of pages that it does not learn from, to look at.
#pragma once
#include "pipeline/train_data.h"
#include "src/net/prepared_weights.h"
#include <filesystem>

namespace unet {

/// Writes a PNG with a row for each of up to three validation pages, or for the middle of larger ones: input, truth,
/// weights, prediction, difference. There must be such a page. Throws what segment_part and write_png throw.
void write_validation_picture(const PreparedWeights &weights, const TrainData &data, const WeightOptions &weight_form,
                              const std::filesystem::path &file);

}  // namespace unet
