// What a training run is made of, from its options and data.
#pragma once
#include "pipeline/train.h"
#include "pipeline/train_data.h"
#include "src/net/model.h"
#include <optional>

namespace unet {

/// Makes the folders that outputs go to. Throws Error: usage for options that do not go together, cannot_create when
/// the model exists and is not to be replaced, or would replace an input.
void prepare_training(const TrainOptions &options);

/// Throws Error(usage) when so many ranks cannot share a batch, or have nothing to share.
void check_ranks(const TrainOptions &options, int ranks);

/// Images, as lists of channels, and labels: by their content, not by their names. A run that goes on has the same.
std::string inputs_of(const TrainOptions &options);

Architecture architecture_of(const TrainOptions &options, const TrainData &data);

/// Samples of `input` pixels a side, on which the network answers `output`.
SampleSource source_of(const TrainOptions &options, const TrainData &data, int input, int output);

/// That of `--from`; nothing without it. Throws what load_model throws, and Error(data) when its width, depth or
/// pooling is another.
std::optional<Model> model_to_begin_with(const TrainOptions &options, const Architecture &architecture);

}  // namespace unet
