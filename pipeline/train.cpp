#include "pipeline/train.h"
#include "pipeline/best_weights.h"
#include "pipeline/checkpoint.h"
#include "pipeline/early_stop.h"
#include "pipeline/launched.h"
#include "pipeline/preview.h"
#include "pipeline/progress.h"
#include "pipeline/provenance.h"
#include "pipeline/ranks.h"
#include "pipeline/report_parts.h"
#include "pipeline/segment_stack.h"
#include "pipeline/stop.h"
#include "pipeline/threads.h"
#include "pipeline/train_data.h"
#include "pipeline/train_graph.h"
#include "pipeline/train_log.h"
#include "pipeline/train_memory.h"
#include "pipeline/train_plan.h"
#include "pipeline/train_report.h"
#include "pipeline/train_setup.h"
#include "pipeline/trainer.h"
#include "pipeline/training_iou.h"
#include "pipeline/validation.h"
#include "pipeline/validation_picture.h"
#include "src/base/error.h"
#include "src/base/hash.h"
#include "src/base/paths.h"
#include "src/kernels/kernels.h"
#include "src/net/model.h"
#include "src/net/model_metadata.h"
#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace unet {

namespace fs = std::filesystem;

namespace {

constexpr int samples_in_flight = 4;     // drawn ahead of the step that uses them
constexpr int64_t log_lines = 500;       // about so many in a run
constexpr int most_logged_classes = 32;  // of a confusion matrix in the log
constexpr int64_t trial_steps = 3;       // at least, when a time limit is turned into steps
constexpr double trial_share = 0.03;     // of the time limit
constexpr double report_share = 0.03;    // likewise: for pictures of the report, of which there is one at least

struct EndedEarly {};  // thrown to leave the stream of samples

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Adds the time that it lives.
class Lap {
public:
    explicit Lap(double &seconds) : seconds_(seconds) {}
    Lap(const Lap &) = delete;
    ~Lap() { seconds_ += seconds_since(start_); }

private:
    double &seconds_;
    Clock::time_point start_ = Clock::now();
};

/// One run: the data, the network, and what has come out so far.
class TrainRun {
public:
    TrainRun(const TrainOptions &options, Ranks &ranks, Clock::time_point started);
    void run();
    void preview();

private:
    void announce() const;
    void check_same_run_everywhere();
    void learn();
    TrainPlan plan_run();
    TrainCost measure(double seconds);
    void stream(int64_t first_step, int64_t last_step, const std::function<void(uint64_t, const Sample &)> &use);
    void use(uint64_t index, const Sample &sample);
    void after_step();
    TrainMetrics metrics() const;
    void validate_now(TrainMetrics &metrics);
    void draw_validation();
    void write_report();
    ModelNotes notes() const;
    void start(std::optional<Checkpoints::Found> &found, bool goes_on);
    std::optional<Checkpoints::Found> find_checkpoint() const;
    std::map<std::string, std::string> how(const TrainPlan &plan) const;
    Metadata run_metadata(const TrainPlan &plan) const;
    void save_checkpoint();
    void say(const std::string &line) const;
    void save() const;
    std::string summary() const;
    std::string beside_model(const std::string &ending) const;

    const TrainOptions &options_;
    Ranks &ranks_;
    const bool writes_;  // files; other ranks do not
    Clock::time_point started_;
    std::string inputs_;  // what they are, for runs to come
    TrainData data_;
    Architecture architecture_;
    int input_;  // after rounding
    std::optional<Model> from_;
    std::string from_hash_;
    Trainer trainer_;
    SampleSource source_;
    Checkpoints checkpoints_;
    std::optional<TrainLog> log_;
    std::optional<Progress> progress_;

    TrainProgress state_;
    TrainTimes times_;
    int64_t resumed_after_ = 0;
    int report_slices_ = most_report_slices;
    BestWeights best_;
    Clock::time_point timed_from_, checkpoint_at_;
    int64_t timed_step_ = 0;  // done at timed_from_
};

TrainRun::TrainRun(const TrainOptions &options, Ranks &ranks, Clock::time_point started)
    : options_(options), ranks_(ranks), writes_(ranks.first()), started_(started), inputs_(inputs_of(options)),
      data_(read_train_data(options)), architecture_(architecture_of(options, data_)),
      input_(geometry(architecture_).largest_input(options.tile)), from_(model_to_begin_with(options, architecture_)),
      from_hash_(from_ ? model_hash(*from_) : "nothing"),
      trainer_(architecture_, input_, options, ranks, from_ ? &from_->parameters : nullptr),
      source_(source_of(options, data_, input_, output_size(architecture_, input_))),
      checkpoints_(beside_model(""), options.kept_checkpoints),
      best_(beside_model(".best.safetensors"), architecture_) {}

void TrainRun::say(const std::string &line) const {
    if (!options_.quiet) fmt::print(stderr, "{}\n", line);
}

void TrainRun::announce() const {
    for (const std::string &sentence : data_.words()) say(sentence);
    if (input_ != options_.tile && options_.tile != TrainOptions{}.tile)
        say(fmt::format("tile {} becomes {}, a size that fits the network", options_.tile, input_));
    const TrainMemory memory = train_memory(options_, data_, architecture_, input_, samples_in_flight, ranks_.size());
    say(fmt::format("network: width {}, depth {}, {} pooling, {} classes; tile {} -> {}; {:.0f} MB of memory",
                    options_.width, options_.depth, options_.pooling == Pooling::max ? "max" : "average",
                    architecture_.classes, input_, output_size(architecture_, input_), double(memory.total()) / 1e6));
    if (ranks_.size() > 1)
        say(fmt::format("{} ranks of {} thread{}, each with {} sample{} of a step", ranks_.size(), arena_threads(),
                        arena_threads() == 1 ? "" : "s", options_.batch / ranks_.size(),
                        options_.batch == ranks_.size() ? "" : "s"));
    if (from_)
        say(fmt::format("begins with the weights of {}{}{}", options_.from,
                        trainer_.fresh().empty() ? "" : ", but for ", fmt::join(trainer_.fresh(), ", ")));
}

void TrainRun::run() {
    announce();
    check_same_run_everywhere();
    std::optional<Checkpoints::Found> found = writes_ ? find_checkpoint() : std::nullopt;
    const bool goes_on = ranks_.of_first(found ? 1 : 0) != 0;
    if (found) state_ = found->progress;
    if (goes_on) ranks_.share(&state_, sizeof state_);
    else state_.plan = plan_run();
    const std::string validation = data_.split.validation.empty()
                                       ? "no validation"
                                       : fmt::format("validation every {} steps", state_.plan.validation_interval);
    say(fmt::format("{} steps of {} sample{}, {}", state_.plan.steps, options_.batch, options_.batch == 1 ? "" : "s",
                    validation));
    start(found, goes_on);
    learn();
    progress_.reset();
    if (!writes_) return;
    save();
    if (options_.report) write_report();
    say(summary());
    fmt::print("{}\n", options_.model);
}

// Ranks that differ in data, options or the bits of their kernels would each go a way of their own.
void TrainRun::check_same_run_everywhere() {
    if (ranks_.size() == 1) return;
    Hash hash;
    const auto add = [&](const std::string &text) { hash.add(text.c_str(), text.size() + 1); };
    for (const auto &[key, value] : run_metadata(plan_steps(options_.steps, options_.validation_interval)))
        add(key), add(value);
    add(options_.time_limit_seconds ? fmt::format("{}", *options_.time_limit_seconds) : "");
    add(kernels().name == "avx2" ? "avx512" : std::string(kernels().name));           // the same bits
    const auto number = double(std::stoull(hash.text().substr(0, 12), nullptr, 16));  // 48 bits: exact
    const std::vector<double> all = ranks_.meet(number);
    for (size_t rank = 0; rank < all.size(); rank++)
        if (all[rank] != all[0])
            throw Error(Exit::data, fmt::format("train: rank {} has other images, labels, options or kernels than rank "
                                                "0; start all ranks by one command, where all see the same files",
                                                rank));
}

// A checkpoint of this very run, if there is one.
std::optional<Checkpoints::Found> TrainRun::find_checkpoint() const {
    if (options_.restart) checkpoints_.remove_all();
    checkpoints_.remove_parts();
    std::optional<Checkpoints::Found> found = checkpoints_.newest();
    if (found)
        found->check_same_run(run_metadata(options_.time_limit_seconds
                                               ? found->progress.plan
                                               : plan_steps(options_.steps, options_.validation_interval)));
    return found;
}

// Only rank 0 has to see the checkpoint: it need not lie where all nodes can read it.
void TrainRun::start(std::optional<Checkpoints::Found> &found, bool goes_on) {
    trainer_.reset();
    trainer_.plan(state_.plan.steps);
    if (found) {
        ParameterSets sets = trainer_.state();
        if (state_.best_step > 0) sets["best"] = &best_.make_room();
        found->load(sets);
        say(fmt::format("goes on after step {}, from {}", state_.step, found->path.string()));
    }
    if (goes_on) {
        for (const auto &[name, set] : trainer_.state()) ranks_.share(set->data(), set->size() * sizeof(float));
        trainer_.resume(state_.step);
        resumed_after_ = state_.step;
    } else if (options_.time_limit_seconds) save_checkpoint();  // the number of steps is fixed from here on
    if (writes_) log_.emplace(options_.model + ".log.jsonl", state_.logged_step);
    progress_.emplace("train", state_.plan.steps, "steps", progress_style(options_.quiet));
    progress_->start_after(state_.step);
    timed_from_ = checkpoint_at_ = Clock::now();
    timed_step_ = state_.step;
    times_ = {.start = seconds_since(started_)};
}

std::map<std::string, std::string> TrainRun::how(const TrainPlan &plan) const {
    auto all = provenance(options_, data_, plan, input_);
    all["from"] = from_hash_;
    return all;
}

Metadata TrainRun::run_metadata(const TrainPlan &plan) const {
    Metadata run = to_metadata(architecture_, {data_.normalisation, data_.survey.scheme.class_names(), how(plan),
                                               options_.choice.context_slices});
    run["inputs"] = inputs_;
    return run;
}

void TrainRun::save_checkpoint() {
    state_.step = trainer_.steps_done();
    if (!writes_) return;
    const Lap lap(times_.checkpoints);
    ParameterSets sets = trainer_.state();
    if (best_.get()) sets["best"] = best_.get();
    checkpoints_.save(state_, run_metadata(state_.plan), sets);
    checkpoint_at_ = Clock::now();
}

void TrainRun::preview() {
    announce();
    const std::string file = beside_model(".preview.png");
    write_preview(source_, options_.preview, architecture_.classes, file);
    fmt::print("{}\n", file);
}

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
        if (error.code == Exit::interrupted) {
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
        draw_validation();
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
    if (validates || last || step % log_interval == 0) {
        TrainMetrics line = metrics();
        if (validates) validate_now(line);
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
    if (state_.best_step == step && validates) draw_validation();
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
void TrainRun::draw_validation() {
    if (!writes_) return;
    const Lap lap(times_.validation);
    try {
        write_validation_picture(trainer_.parameters(), data_, options_.weights, beside_model(".validation.png"));
    } catch (const Error &error) {
        if (error.code == Exit::interrupted) throw;
        const std::string note = fmt::format("note: {}", error.what());
        if (progress_) progress_->say(note);
        else say(note);
    }
}

void TrainRun::validate_now(TrainMetrics &metrics) {
    const Lap lap(times_.validation);
    trainer_.rest();
    const PreparedWeights weights(trainer_.parameters());
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

// The model is written: nothing ends this run badly any more.
void TrainRun::write_report() {
    times_.all = seconds_since(started_);
    const std::string file = beside_model(".report.html");
    try {
        if (best_.get()) trainer_.show(*best_.get());
        trainer_.rest();
        write_train_report(file, options_, data_,
                           {architecture_, state_.plan, trainer_.steps_done(), resumed_after_, state_.best_step,
                            state_.best_quality, how(state_.plan), times_},
                           read_log(options_.model + ".log.jsonl"), trainer_.parameters(), report_slices_);
        say("report: " + file);
    } catch (const std::exception &error) {                         // too little memory, too: the model is there
        fmt::print(stderr, "note: no report: {}\n", error.what());  // an error, whatever --quiet says
    }
}

ModelNotes TrainRun::notes() const {
    ModelNotes notes{data_.normalisation, data_.survey.scheme.class_names(), how(state_.plan),
                     options_.choice.context_slices};
    if (state_.best_step > 0) {
        notes.provenance["best-step"] = std::to_string(state_.best_step);
        notes.provenance["validation-quality"] = fmt::format("{:.6f}", state_.best_quality);
    }
    return notes;
}

void TrainRun::save() const {
    save_model(options_.model, best_.get() ? *best_.get() : trainer_.parameters(), notes());
    if (best_.get()) best_.remove_file();
    checkpoints_.remove_all();
}

std::string TrainRun::summary() const {
    std::string text =
        fmt::format("done: {} steps in {}", trainer_.steps_done(), duration_text(seconds_since(started_)));
    if (ranks_.size() > 1) {
        const GradientTraffic &traffic = trainer_.traffic();
        text += fmt::format("; {:.3g} GB of gradients added in {:.3g} s, of which steps waited {:.3g} s",
                            double(traffic.bytes) / 1e9, traffic.seconds, traffic.waited);
    }
    if (!best_.get()) return text + "; the last weights are saved";
    return text + fmt::format("; best validation, {} {:.4f}, at step {}: those weights are saved",
                              quality_name(data_.survey.scheme), state_.best_quality, state_.best_step);
}

std::string TrainRun::beside_model(const std::string &ending) const {
    const fs::path path(options_.model);
    return (path.parent_path() / path.stem()).string() + ending;
}

}  // namespace

void run_train(const TrainOptions &options) {
    const Clock::time_point started = Clock::now();
    Ranks &job = ranks();
    answer_signals();
    check_ranks(options, job.size());
    if (const int others = launched().strangers; others > 0 && !options.quiet)
        fmt::print(stderr,
                   "note: srun started {} tasks without MPI, and each trains by itself; for one training of all of "
                   "them add --mpi=pmix\n",
                   others + 1);
    TrainOptions own = options;
    own.quiet |= !job.first();
    if (job.first()) prepare_training(options);
    job.meet();  // before others read all data in vain
    TrainRun run(own, job, started);
    if (options.preview) run.preview();
    else run.run();
}

}  // namespace unet
