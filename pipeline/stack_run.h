// One stack, or a shard of it, on its way through `segment`.
#pragma once
#include "pipeline/chosen_part.h"
#include "pipeline/event_log.h"
#include "pipeline/output_stack.h"
#include "pipeline/progress.h"
#include "pipeline/segment_plan.h"
#include "pipeline/stack_files.h"
#include "pipeline/timings.h"
#include "src/net/prepared_weights.h"

namespace unet {

class StackRun {
public:
    /// Looks for what an earlier run has left. `model_hash`: of `model`; a run of many stacks makes it once. Throws
    /// what StackReader, ChosenPart, look_up and plan_segment throw.
    StackRun(const StackFiles &files, const Model &model, const std::string &model_hash, const SegmentOptions &options,
             std::optional<Shard> shard);

    bool empty() const { return bands_.first == bands_.end; }  ///< a shard without bands
    bool complete() const { return outputs_.empty(); }
    int64_t bands_done() const { return next_ - bands_.first; }

    /// Makes what is missing. Throws Error(interrupted) after a stop signal, when all that was finished is on the disk.
    void run(const PreparedWeights &weights, Timings &timings, ProgressStyle style, EventLog &events);

private:
    struct Output {
        OutputSpec spec;
        OutputKind kind;
    };

    const Model &model_;
    const SegmentOptions &options_;
    StackReader images_;
    ChosenPart part_;
    SegmentPlan plan_;
    std::vector<Output> outputs_;  // that are not complete
    BandRange bands_;
    int64_t next_ = 0;
};

}  // namespace unet
