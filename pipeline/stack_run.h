// One stack, or a shard of it, on its way through `segment`.
#pragma once
#include "pipeline/chosen_part.h"
#include "pipeline/ensemble.h"
#include "pipeline/event_log.h"
#include "pipeline/output_stack.h"
#include "pipeline/progress.h"
#include "pipeline/segment_plan.h"
#include "pipeline/stack_files.h"
#include "pipeline/timings.h"

namespace unet {

class StackRun {
public:
    /// Looks for what an earlier run has left. Throws what ImageStack, ChosenPart, look_up and plan_segment throw.
    StackRun(const StackFiles &files, const Ensemble &models, const SegmentOptions &options,
             std::optional<Shard> shard);

    bool empty() const { return bands_.first == bands_.end; }  ///< a shard without bands
    bool complete() const { return outputs_.empty(); }
    int64_t bands_done() const { return next_ - bands_.first; }

    /// Makes what is missing. Throws Error(interrupted) after a stop signal, when all that was finished is on the disk.
    void run(Timings &timings, ProgressStyle style, EventLog &events);

private:
    struct Output {
        OutputSpec spec;
        OutputKind kind;
    };
    void finish(const std::vector<std::unique_ptr<OutputStack>> &stacks, Timings &timings, ProgressStyle style,
                double seconds) const;

    const Ensemble &models_;
    const SegmentOptions &options_;
    ImageStack images_;
    ChosenPart part_;
    SegmentPlan plan_;
    std::vector<Output> outputs_;  // that are not complete
    BandRange bands_;
    int64_t next_ = 0;
};

}  // namespace unet
