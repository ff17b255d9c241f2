#include "pipeline/train.h"
#include "pipeline/output_path.h"
#include "pipeline/progress.h"
#include "pipeline/provenance.h"
#include "pipeline/segment_stack.h"
#include "pipeline/stop.h"
#include "pipeline/train_data.h"
#include "pipeline/train_graph.h"
#include "pipeline/train_log.h"
#include "pipeline/train_plan.h"
#include "pipeline/trainer.h"
#include "pipeline/validation.h"
#include "src/base/error.h"
#include "src/base/paths.h"
#include "src/net/memory.h"
#include "src/net/model.h"
#include <chrono>
#include <fmt/format.h>

namespace unet {

namespace fs = std::filesystem;

namespace {

constexpr int samples_in_flight = 4;  // drawn ahead of the step that uses them
constexpr int64_t log_lines = 500;    // about so many in a run
constexpr int64_t trial_steps = 3;    // at least, when a time limit is turned into steps
constexpr double trial_share = 0.03;  // of the time limit

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// One run: the data, the network, and what has come out so far.
class TrainRun {
public:
    TrainRun(const TrainOptions &options, Clock::time_point started);
    void run();

private:
    void announce() const;
    void learn();
    TrainPlan plan_run();
    TrainCost measure(double seconds);
    void use(uint64_t index, const Sample &sample);
    void after_step();
    TrainMetrics metrics();
    void validate_now(TrainMetrics &metrics);
    ModelNotes notes() const;
    void say(const std::string &line) const;
    void save() const;
    std::string summary() const;
    std::string best_path() const;

    const TrainOptions &options_;
    Clock::time_point started_;
    TrainData data_;
    Architecture architecture_;
    int input_;  // after rounding
    Trainer trainer_;
    SampleSource source_;
    TrainPlan plan_;
    TrainLog log_;
    std::optional<Progress> progress_;

    Clock::time_point logged_at_;
    int64_t logged_step_ = 0;
    double loss_sum_ = 0;
    double best_iou_ = -1;
    int64_t best_step_ = 0;
    std::optional<Parameters> best_;
    bool best_saved_ = false;
};

Architecture architecture_of(const TrainOptions &options, const TrainData &data) {
    return {data.channels(), data.classes(), options.width, options.depth, options.pooling};
}

SampleSource source_of(const TrainOptions &options, const TrainData &data, int input, int output) {
    const SampleOptions how{input, output, options.seed, options.foreground_share, options.augment, options.weights};
    return {data.stacks, data.split.training, data.survey.scheme, data.normalisation, data.class_weights, how};
}

void prepare_output(const TrainOptions &options) {
    check_output(options.model, expand_paths(options.images));
    check_output(options.model, expand_paths(options.labels));
    if (fs::exists(options.model) && !options.overwrite)
        throw Error(Exit::cannot_create, options.model + ": exists; add --overwrite to replace it");
    make_folder_of(options.model);
    if (!options.dump_samples.empty()) make_folder(options.dump_samples);
}

TrainRun::TrainRun(const TrainOptions &options, Clock::time_point started)
    : options_(options), started_(started), data_(read_train_data(options)),
      architecture_(architecture_of(options, data_)), input_(geometry(architecture_).largest_input(options.tile)),
      trainer_(architecture_, input_, options),
      source_(source_of(options, data_, input_, output_size(architecture_, input_))),
      log_(options.model + ".log.jsonl") {}

void TrainRun::say(const std::string &line) const {
    if (!options_.quiet) fmt::print(stderr, "{}\n", line);
}

void TrainRun::announce() const {
    for (const std::string &sentence : data_.words()) say(sentence);
    if (input_ != options_.tile && options_.tile != TrainOptions{}.tile)
        say(fmt::format("tile {} becomes {}, a size that fits the network", options_.tile, input_));
    const size_t bytes = training_bytes(architecture_, square(input_), UNet::training_use(options_.memory_saver),
                                        options_.optimiser.method, options_.batch > 1 ? 2 : 1);
    say(fmt::format("network: width {}, depth {}, {} pooling, {} classes; tile {} -> {}; {:.0f} MB", options_.width,
                    options_.depth, options_.pooling == Pooling::max ? "max" : "average", architecture_.classes, input_,
                    output_size(architecture_, input_), double(bytes) / 1e6));
}

void TrainRun::run() {
    announce();
    plan_ = plan_run();
    const std::string validation = data_.split.validation.empty()
                                       ? "no validation"
                                       : fmt::format("validation every {} steps", plan_.validation_interval);
    say(fmt::format("{} steps of {} sample{}, {}", plan_.steps, options_.batch, options_.batch == 1 ? "" : "s",
                    validation));
    trainer_.reset();
    trainer_.plan(plan_.steps);
    progress_.emplace("train", plan_.steps, "steps", progress_style(options_.quiet));
    logged_at_ = Clock::now();
    learn();
    progress_.reset();
    save();
    say(summary());
    fmt::print("{}\n", options_.model);
}

void TrainRun::learn() {
    const TrainStages stages{[&](uint64_t index) { return source_.draw(index); },
                             [&](uint64_t index, const Sample &sample) { use(index, sample); }};
    try {
        stream_samples(0, uint64_t(plan_.steps) * options_.batch, stages, samples_in_flight);
    } catch (const Error &error) {
        if (!best_saved_) throw;
        throw Error(error.code, std::string(error.what()) + "; the best weights so far are in " + best_path());
    }
}

TrainPlan TrainRun::plan_run() {
    if (!options_.time_limit_seconds) return plan_steps(options_.steps, options_.validation_interval);
    const double limit = *options_.time_limit_seconds;
    const TrainCost cost = measure(limit * trial_share);
    const TrainPlan plan = plan_time(limit - seconds_since(started_), cost, options_.validation_interval);
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
    const TrainStages stages{[&](uint64_t index) { return source_.draw(index); }, trial};
    while (trainer_.steps_done() < trial_steps || seconds_since(*warm) < seconds) {
        const auto first = uint64_t(trainer_.steps_done()) * options_.batch;
        stream_samples(first, first + uint64_t(trial_steps) * options_.batch, stages, samples_in_flight);
    }
    const Clock::time_point start = Clock::now();
    if (!data_.split.validation.empty())
        validate(trainer_.weights(), data_.normalisation, data_.survey.scheme, data_.stacks, data_.split.validation);
    return {per_step, seconds_since(start)};
}

void TrainRun::use(uint64_t index, const Sample &sample) {
    if (!options_.dump_samples.empty()) dump_sample(sample, options_.dump_samples, index);
    if (trainer_.learn(index, sample)) after_step();
}

void TrainRun::after_step() {
    loss_sum_ += trainer_.loss();
    const int64_t step = trainer_.steps_done();
    const bool last = step == plan_.steps;
    const bool validates = !data_.split.validation.empty() && (last || step % plan_.validation_interval == 0);
    const int64_t log_interval = std::max<int64_t>(1, plan_.steps / log_lines);
    if (validates || last || step % log_interval == 0) {
        TrainMetrics line = metrics();
        if (validates) validate_now(line);
        log_.write(line);
        progress_->note(fmt::format("loss {:.4f}", line.loss) +
                        (best_step_ ? fmt::format(", best IoU {:.4f}", best_iou_) : ""));
    }
    progress_->advance();
}

// Means since the last line.
TrainMetrics TrainRun::metrics() {
    const int64_t steps = trainer_.steps_done() - logged_step_;
    const double seconds = seconds_since(logged_at_);
    const TrainMetrics metrics{trainer_.steps_done(),
                               loss_sum_ / double(steps),
                               trainer_.rate(),
                               double(steps * options_.batch) / seconds,
                               {},
                               {}};
    logged_step_ = trainer_.steps_done();
    logged_at_ = Clock::now();
    loss_sum_ = 0;
    return metrics;
}

void TrainRun::validate_now(TrainMetrics &metrics) {
    const Confusion confusion =
        validate(trainer_.weights(), data_.normalisation, data_.survey.scheme, data_.stacks, data_.split.validation);
    const double iou = mean_iou(confusion);
    metrics.validation_iou = iou;
    for (int c = 0; c < confusion.classes(); c++) metrics.validation_class_iou.push_back(confusion.iou(c));
    progress_->say(fmt::format("step {}: loss {:.4f}, validation IoU {:.4f}", metrics.step, metrics.loss, iou));
    logged_at_ = Clock::now();  // validation is no part of the samples per second
    if (iou <= best_iou_) return;
    best_iou_ = iou;
    best_step_ = metrics.step;
    best_.emplace(architecture_);
    std::copy_n(trainer_.parameters().data(), best_->size(), best_->data());
    if (metrics.step == plan_.steps) return;
    save_model(best_path(), *best_, notes());
    best_saved_ = true;
}

ModelNotes TrainRun::notes() const {
    ModelNotes notes{data_.normalisation, data_.survey.scheme.class_names(),
                     provenance(options_, data_, plan_.steps, input_)};
    if (best_step_ > 0) {
        notes.provenance["best-step"] = std::to_string(best_step_);
        notes.provenance["validation-iou"] = fmt::format("{:.6f}", best_iou_);
    }
    return notes;
}

void TrainRun::save() const {
    save_model(options_.model, best_ ? *best_ : trainer_.parameters(), notes());
    std::error_code failure;
    if (best_saved_) fs::remove(best_path(), failure);
}

std::string TrainRun::summary() const {
    std::string text =
        fmt::format("done: {} steps in {}", trainer_.steps_done(), duration_text(seconds_since(started_)));
    if (!best_) return text + "; the last weights are saved";
    return text +
           fmt::format("; best validation IoU {:.4f} at step {}, those weights are saved", best_iou_, best_step_);
}

std::string TrainRun::best_path() const {
    const fs::path path(options_.model);
    return (path.parent_path() / path.stem()).string() + ".best.safetensors";
}

}  // namespace

void run_train(const TrainOptions &options) {
    const Clock::time_point started = Clock::now();
    answer_signals();
    prepare_output(options);
    TrainRun(options, started).run();
}

}  // namespace unet
