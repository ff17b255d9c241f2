// What the network makes of pages that it does not learn from, to look at.
#pragma once
#include "pipeline/train_data.h"
#include "src/net/prepared_weights.h"
#include "src/report/picture.h"
#include <filesystem>

namespace unet {

/// What the network makes of an `area` of a slice. Throws what segment_part throws.
Comparison compared_part(const PreparedWeights &weights, const TrainData &data, const WeightOptions &weight_form,
                         StackPage page, Rect area);

/// The size of what is shown of each of `pages`: as much as fits into the smallest, at most 512 x 512.
Size part_size(const TrainData &data, const std::vector<StackPage> &pages);

constexpr size_t most_picture_rows = 3;

/// Writes a PNG with a row for each of up to three validation pages, or for the middle of larger ones: input, truth,
/// weights, prediction, difference. There must be such a page. Throws what segment_part and write_png throw.
void write_validation_picture(const PreparedWeights &weights, const TrainData &data, const WeightOptions &weight_form,
                              const std::filesystem::path &file);

}  // namespace unet
