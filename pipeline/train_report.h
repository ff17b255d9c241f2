// The report of a training run.
#pragma once
#include "pipeline/train_data.h"
#include "pipeline/train_log.h"
#include "pipeline/train_plan.h"
#include "src/net/architecture.h"
#include "src/net/prepared_weights.h"
#include <map>

namespace unet {

/// Seconds of a run since it was started, or resumed.
struct TrainTimes {
    double start = 0;        ///< before the first step: reading, surveys, trial steps
    double steps = 0;        ///< forward, backward, optimiser
    double validation = 0;   ///< with its pictures
    double checkpoints = 0;  ///< writing them
    double all = 0;          ///< what is missing to that is waiting for samples
};

/// What a run came to.
struct TrainOutcome {
    Architecture architecture;
    TrainPlan plan;
    int64_t steps = 0;                       ///< done
    int64_t resumed_after = 0;               ///< steps that an earlier start had done
    int64_t best_step = 0;                   ///< 0: nothing was validated
    double best_quality = 0;                 ///< Validation::quality
    std::map<std::string, std::string> how;  ///< options as the model has them
    TrainTimes times;
};

constexpr int most_report_slices = 12;

/// Writes a page with curves from the metrics of all steps, up to `slices` slices held out (training slices where none
/// are) as `weights` segment them, and what else is known. Throws Error: cannot_create, io, and what segment_part
/// throws.
void write_train_report(const std::filesystem::path &file, const TrainOptions &options, const TrainData &data,
                        const TrainOutcome &outcome, const std::vector<TrainMetrics> &log,
                        const PreparedWeights &weights, int slices = most_report_slices);

}  // namespace unet
