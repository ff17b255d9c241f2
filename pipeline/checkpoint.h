// Training that goes on where it was stopped.
#pragma once
#include "pipeline/train_plan.h"
#include "src/net/parameter_sets.h"
#include <functional>
#include <optional>

namespace unet {

/// What a training run has come to, besides its parameters.
struct TrainProgress {
    int64_t step = 0;  ///< steps done
    TrainPlan plan;
    double loss_sum = 0;  ///< of the steps after `logged_step`
    int64_t logged_step = 0;
    int64_t best_step = 0;     ///< 0: nothing was validated
    double best_quality = -1;  ///< Validation::quality
    int one_class = 0;         ///< validations in a row in which one class alone was predicted
    bool unseen = false;       ///< the last step was neither logged nor validated yet
};

/// The checkpoints of one run: STEM.checkpoint-<step>.safetensors, the last few. Each appears under its name only when
/// it is whole, so that a run killed at any moment finds one.
class Checkpoints {
public:
    Checkpoints(const std::filesystem::path &stem, int kept);

    struct Found {
        std::filesystem::path path;
        TrainProgress progress;
        SafetensorsReader file;

        /// Throws Error(data), with the first difference and the remedy, when the checkpoint is of another run than
        /// `run` describes.
        void check_same_run(const Metadata &run) const;
        /// Throws Error(data) when tensors are missing or of another shape, Error(io).
        void load(const ParameterSets &sets);
    };
    /// The newest that can be read; says on stderr which ones cannot. Nothing when there is none.
    std::optional<Found> newest() const;

    /// Throws what write_safetensors throws.
    void save(const TrainProgress &progress, const Metadata &run, const ParameterSets &sets);
    void remove_all() const;
    void remove_if(const std::function<bool(const std::filesystem::path &)> &is_unwanted) const;
    void remove_parts() const;  ///< what a run left that was killed while it wrote

private:
    std::vector<std::filesystem::path> files() const;  // newest first

    std::filesystem::path folder_;
    std::string prefix_;
    size_t kept_;
};

}  // namespace unet
