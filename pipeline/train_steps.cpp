#include "pipeline/early_stop.h"
#include "pipeline/report_parts.h"
#include "pipeline/stop.h"
#include "pipeline/train_graph.h"
#include "pipeline/train_run.h"
#include "pipeline/train_setup.h"
#include "pipeline/training_iou.h"
#include "pipeline/validation.h"
#include "pipeline/validation_picture.h"
#include "src/base/error.h"
#include "src/kernels/kernels.h"
#include <algorithm>
#include <fmt/format.h>

namespace unet {

namespace {

constexpr int64_t log_lines = 500;       // about so many in a run
constexpr int most_logged_classes = 32;  // of a confusion matrix in the log
constexpr int64_t trial_steps = 3;       // at least, when a time limit is turned into steps
constexpr double trial_share = 0.03;     // of the time limit
constexpr double report_share = 0.03;    // likewise: for pictures of the report, of which there is one at least

struct EndedEarly {};  // thrown to leave the stream of samples

}  // namespace

// Of each round of samples, one for each rank, this rank draws and uses its own.
void TrainRun::stream(int64_t first_step, int64_t last_step, const std::function<void(uint64_t, const Sample &)> &use) {
    const auto ranks = uint64_t(ranks_.size()), rounds = uint64_t(options_.batch) / ranks;
    const auto index = [this, ranks](uint64_t round) { return round * ranks + uint64_t(ranks_.rank()); };
    const TrainStages stages{[&](uint64_t round) { return source_.draw(index(round)); },
                             [&](uint64_t round, const Sample &sample) { use(index(round), sample); }};
    stream_samples(uint64_t(first_step) * rounds, uint64_t(last_step) * rounds, stages, samples_in_flight);
}

void TrainRun::learn() {
    try {
        if (state_.unseen) after_step();
        stream(state_.step, state_.plan.steps, [&](uint64_t index, const Sample &sample) { use(index, sample); });
    } catch (const EndedEarly &) {
        say(fmt::format("no better validation since step {}: training ends", state_.best_step));
    } catch (const Error &error) {
        // PoCL gives up what it compiles when a signal comes; no step was made then.
        const bool compiler_stopped = kernels().on_device() && error.code == Exit::internal && stop_requested();
        if (error.code == Exit::interrupted || compiler_stopped) {
            save_checkpoint();
            throw Error(Exit::interrupted, fmt::format("stopped by a signal after step {} of {}; run the same command "
                                                       "again to go on from there",
                                                       state_.step, state_.plan.steps));
        }
        if (!best_.get() || !best_.has_file()) throw;
        throw Error(error.code,
                    fmt::format("{}; the best weights so far are in {}", error.what(), best_.file().string()));
    }
}

TrainPlan TrainRun::plan_run() {
    if (!options_.time_limit_seconds) return plan_steps(options_.steps, options_.validation_interval);
    const double limit = *options_.time_limit_seconds;
    const TrainCost cost = measure(limit * trial_share);
    TrainPlan plan = plan_time(limit - seconds_since(started_), cost, options_.validation_interval);
    ranks_.share(&plan, sizeof plan);  // by the clock of rank 0
    say(fmt::format("a step takes {:.3g} s: {} steps fit into {}", cost.step, plan.steps, duration_text(limit)));
    return plan;
}

// Trial steps whose outcome is thrown away, so that the run is the one that --steps would give. The first one warms up.
TrainCost TrainRun::measure(double seconds) {
    std::optional<Clock::time_point> warm;
    double per_step = 0;
    const auto trial = [&](uint64_t index, const Sample &sample) {
        if (!trainer_.learn(index, sample)) return;
        if (!warm) warm = Clock::now();
        else per_step = seconds_since(*warm) / double(trainer_.steps_done() - 1);
    };
    while (ranks_.of_first(trainer_.steps_done() < trial_steps || seconds_since(*warm) < seconds) != 0)
        stream(trainer_.steps_done(), trainer_.steps_done() + trial_steps, trial);
    double validation = 0, drawing = 0;
    if (!data_.split.validation.empty()) {
        const Lap lap(validation);
        trainer_.rest();
        const PreparedWeights weights(trainer_.parameters());
        validate(weights, data_.normalisation, data_.survey.scheme, data_.stacks, data_.split.validation);
        if (writes_) training_iou(weights, data_);
        const Lap inner(drawing);
        draw_validation(weights);
    }
    const double per_slice = drawing / double(std::clamp<size_t>(data_.split.validation.size(), 1, most_picture_rows));
    const double affordable = per_slice > 0 ? *options_.time_limit_seconds * report_share / per_slice : 1;
    report_slices_ = int(std::clamp<double>(affordable, 1, most_report_slices));
    return {per_step, validation, options_.report ? per_slice * report_slices_ : 0};
}

void TrainRun::use(uint64_t index, const Sample &sample) {
    if (!options_.dump_samples.empty()) dump_sample(sample, options_.dump_samples, index);
    const bool stepped = [&] {
        const Lap lap(times_.steps);
        return trainer_.learn(index, sample);
    }();
    if (!stepped) return;
    state_.loss_sum += trainer_.loss();
    state_.unseen = true;  // until it is logged and validated: a signal may come before
    after_step();
}

void TrainRun::after_step() {
    const int64_t step = trainer_.steps_done();
    const bool last = step == state_.plan.steps;
    const bool validates = !data_.split.validation.empty() && (last || step % state_.plan.validation_interval == 0);
    const int64_t log_interval = std::max<int64_t>(1, state_.plan.steps / log_lines);
    std::optional<PreparedWeights> weights;  // of a validation and its picture
    if (validates) {
        const Lap lap(times_.validation);
        trainer_.rest();
        weights.emplace(trainer_.parameters());
    }
    if (validates || last || step % log_interval == 0) {
        TrainMetrics line = metrics();
        if (validates) validate_now(*weights, line);
        if (log_) log_->write(line);
        progress_->note(fmt::format("loss {:.4f}", line.loss) +
                        (state_.best_step
                             ? fmt::format(", best {} {:.4f}", quality_name(data_.survey.scheme), state_.best_quality)
                             : ""));
        state_.logged_step = timed_step_ = step;
        state_.loss_sum = 0;
        timed_from_ = Clock::now();  // validation is no part of the samples per second
    }
    state_.unseen = false;
    if (state_.best_step == step && validates) draw_validation(*weights);
    progress_->advance();
    if (validates && out_of_patience(state_, step, options_.patience)) throw EndedEarly();
    if (!last && seconds_since(checkpoint_at_) >= options_.checkpoint_seconds) save_checkpoint();
}

// Means since the last line.
TrainMetrics TrainRun::metrics() const {
    const int64_t step = trainer_.steps_done();
    return {step, state_.loss_sum / double(step - state_.logged_step), trainer_.rate(),
            double((step - timed_step_) * options_.batch) / seconds_since(timed_from_)};
}

// A picture that cannot be written ends no training; a stop signal does, between two steps.
void TrainRun::draw_validation(const PreparedWeights &weights) {
    if (!writes_) return;
    const Lap lap(times_.validation);
    try {
        write_validation_picture(weights, data_, options_.weights, beside_model(options_.model, ".validation.png"));
    } catch (const Error &error) {
        if (error.code == Exit::interrupted) throw;
        const std::string note = fmt::format("note: {}", error.what());
        if (progress_) progress_->say(note);
        else say(note);
    }
}

void TrainRun::validate_now(const PreparedWeights &weights, TrainMetrics &metrics) {
    const Lap lap(times_.validation);
    const Validation found =
        validate(weights, data_.normalisation, data_.survey.scheme, data_.stacks, data_.split.validation);
    metrics.validation_iou = mean_iou(found.classes);
    for (int c = 0; c < found.classes.classes(); c++) metrics.validation_class_iou.push_back(found.classes.iou(c));
    if (found.objects) metrics.validation_pq = found.objects->panoptic_quality();
    if (found.classes.classes() <= most_logged_classes) metrics.validation_confusion = confusion_counts(found.classes);
    if (writes_) metrics.training_iou = training_iou(weights, data_);
    progress_->say(fmt::format("step {}: loss {:.4f}, validation IoU {:.4f}", metrics.step, metrics.loss,
                               *metrics.validation_iou) +
                   (metrics.validation_pq ? fmt::format(", PQ {:.4f}", *metrics.validation_pq) : ""));
    watch_collapse(found.classes, metrics.step, state_);
    if (found.quality() <= state_.best_quality) return;
    state_.best_quality = found.quality();
    state_.best_step = metrics.step;
    if (!writes_) return;
    best_.take(trainer_.parameters());
    if (metrics.step == state_.plan.steps) return;
    best_.save(notes());
}

}  // namespace unet
