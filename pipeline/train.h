// unetflow train
#pragma once
#include "pipeline/device.h"
#include "pipeline/learning_rate.h"
#include "src/net/architecture.h"
#include "src/net/loss.h"
#include "src/net/optimiser.h"
#include "src/sample/sample.h"
#include "src/stack/image_stack.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace unet {

enum class ClassWeights { balance, none };

/// The defaults of training stand here, in Architecture, LearningRate and OptimiserOptions, nowhere else.
struct TrainOptions {
    std::vector<std::string> images, labels;
    ImageChoice choice;                         ///< of the images, as far as options say
    std::optional<std::pair<int, int>> slices;  ///< first and one past the last; nothing: all
    std::string model;
    std::string from;             ///< a model to begin with; empty: none
    bool freeze_encoder = false;  ///< the contracting path keeps its weights

    std::optional<int> width, depth;  ///< nothing: those of `from`, or Architecture's
    std::optional<Pooling> pooling;   ///< likewise
    int tile = 316;                   ///< network input in pixels
    DeviceChoice device;
    bool memory_saver = false;  ///< computes some activations twice
    double dropout = 0;

    int batch = 1;
    int64_t steps = 2000;
    std::optional<double> time_limit_seconds;  ///< overrules steps
    LossOptions loss;
    LearningRate rate;
    OptimiserOptions optimiser;
    uint64_t seed = 1;

    bool normalise_by_page = false;  ///< rather than by the whole training set
    ClassWeights class_weights = ClassWeights::balance;
    std::optional<uint32_t> ignore_label;
    int field_of_interest = 0;            ///< pixels; background nearer to an edge is not learned
    std::optional<LabelKind> label_kind;  ///< nothing: guessed
    WeightOptions weights;
    double foreground_share = SampleOptions{}.foreground_share;
    AugmentOptions augment;

    std::vector<double> shares;  ///< of the samples, for each pair of files; empty: by area

    double validation = 0.1;               ///< share of the pages, or of each page's rows
    std::optional<SplitBy> validation_by;  ///< nothing: slices, where there are several
    int64_t validation_interval = 0;       ///< steps; 0: ten times in a run
    double checkpoint_seconds = 300;       ///< between checkpoints, at least
    int kept_checkpoints = 2;
    int patience = 0;  ///< validations without a better one after which training ends; 0: it goes on to the last step
    bool restart = false;  ///< checkpoints of an earlier run are removed

    std::string dump_samples;  ///< a folder; empty: nothing is dumped
    bool report = true;        ///< MODEL.report.html
    int preview = 0;           ///< so many samples are drawn into a picture, and nothing is trained
    bool overwrite = false, quiet = false;
};

/// Trains a U-Net on labelled stacks, or writes MODEL.preview.png alone. Writes the model, beside it MODEL.log.jsonl,
/// a picture of the best validation and a report, and, while it runs, MODEL.best.safetensors and checkpoints. A run
/// that was stopped or killed goes on from its last checkpoint when it is called again with the same options, and ends
/// with the bytes it would have had. Throws Error: usage, data (labels do not match, loss is NaN, a checkpoint of
/// another run), no_input, cannot_create, io, interrupted.
void run_train(const TrainOptions &options);

}  // namespace unet
