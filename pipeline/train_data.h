// What a training run learns from.
#pragma once
#include "pipeline/train.h"
#include "src/base/normalisation.h"
#include "src/sample/pairing.h"
#include "src/sample/sample.h"
#include "src/sample/split.h"

namespace unet {

struct TrainData {
    std::vector<LabelledStack> stacks;  ///< with blocks: the parts that train, then those that validate
    std::string pairing;                ///< a sentence for a person; empty for a single pair
    std::string page_size;              ///< likewise
    LabelSurvey survey;
    Normalisation normalisation;
    std::vector<double> class_weights;
    SplitBy split_by = SplitBy::slices;
    Split split;

    int context_slices = 0;  ///< on either side of a slice, in its channels
    int channels() const { return stacks.front().images->shape().samples; }
    int classes() const { return survey.scheme.classes(); }
    /// Sentences for a person: files, labels, pages.
    std::vector<std::string> words() const;
};

/// The pairs of `train` and `check`: a "+" among the images parts lists of channels. Throws what expand_lists and
/// pair_stacks throw.
Pairing pair_images(const std::vector<std::string> &images, const std::vector<std::string> &labels,
                    const Slices &slices, const ImageChoice &choice);

/// Pairs the files and streams them twice or three times: labels, gray values. Nothing large stays in memory.
/// Throws what pair_stacks, survey_labels and survey_grays throw.
TrainData read_train_data(const TrainOptions &options);

}  // namespace unet
