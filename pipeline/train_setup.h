// What a training run is made of, from its options and data.
#pragma once
#include "pipeline/input_identity.h"
#include "pipeline/train.h"
#include "pipeline/train_data.h"
#include "src/net/model.h"
#include <optional>

namespace unet {

/// Makes the folders that outputs go to. True when nothing is left to do: the model is there, and this very run has
/// made it. Throws Error: usage for options that do not go together, cannot_create when the model is of another run and
/// not to be replaced, or would replace an input.
bool prepare_training(const TrainOptions &options);

/// Throws Error(usage) when so many ranks cannot share a batch, or have nothing to share.
void check_ranks(const TrainOptions &options, int ranks);

/// The file beside a model that has its name, but for its suffix, and this ending.
std::string beside_model(const std::string &model, const std::string &ending);

/// Images, as lists of channels, and labels: by their content, not by their names. A run that goes on has the same.
InputIdentity inputs_of(const TrainOptions &options);

/// Width, depth and pooling that options ask for; those of `start` where they say nothing.
Architecture network_of(const TrainOptions &options, const Architecture &start);

/// `from`: the model to begin with.
Architecture architecture_of(const TrainOptions &options, const TrainData &data, const std::optional<Model> &from);

/// Samples of `input` pixels a side, on which the network answers `output`.
SampleSource source_of(const TrainOptions &options, const TrainData &data, int input, int output);

/// That of `--from`; nothing without it. Throws what load_model throws, and Error(data) when its width, depth or
/// pooling is another than options ask for.
std::optional<Model> model_to_begin_with(const TrainOptions &options);

/// Its hash, as the provenance of a run has it.
std::string hash_of_start(const std::optional<Model> &from);

}  // namespace unet
