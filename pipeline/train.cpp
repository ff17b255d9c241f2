#include "pipeline/train.h"
#include "pipeline/device.h"
#include "pipeline/finished_run.h"
#include "pipeline/launched.h"
#include "pipeline/preview.h"
#include "pipeline/provenance.h"
#include "pipeline/shared_options.h"
#include "pipeline/stop.h"
#include "pipeline/threads.h"
#include "pipeline/train_memory.h"
#include "pipeline/train_run.h"
#include "pipeline/train_setup.h"
#include "pipeline/validation.h"
#include "src/base/error.h"
#include "src/base/hash.h"
#include "src/kernels/kernels.h"
#include "src/net/model_metadata.h"
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace unet {

namespace fs = std::filesystem;

namespace {

std::string report_file(const TrainOptions &options) { return beside_model(options.model, ".report.html"); }

}  // namespace

TrainRun::TrainRun(const TrainOptions &options, Ranks &ranks, Clock::time_point started)
    : options_(options), ranks_(ranks), writes_(ranks.first()), started_(started), inputs_(inputs_of(options).content),
      from_(model_to_begin_with(options)), from_hash_(hash_of_start(from_)), data_(read_train_data(options)),
      architecture_(architecture_of(options, data_, from_)),
      input_(geometry(architecture_).largest_input(options.tile)),
      trainer_(architecture_, input_, options, ranks, from_ ? &from_->parameters : nullptr),
      source_(source_of(options, data_, input_, output_size(architecture_, input_))),
      checkpoints_(beside_model(options.model, ""), options.kept_checkpoints),
      best_(beside_model(options.model, ".best.safetensors"), architecture_) {}

void TrainRun::say(const std::string &line) const {
    if (!options_.quiet) fmt::print(stderr, "{}\n", line);
}

void TrainRun::announce() const {
    for (const std::string &sentence : data_.words()) say(sentence);
    if (input_ != options_.tile && options_.tile != TrainOptions{}.tile)
        say(fmt::format("tile {} becomes {}, a size that fits the network", options_.tile, input_));
    const TrainMemory memory = train_memory(options_, data_, architecture_, input_, samples_in_flight, ranks_.size());
    const std::string of_device =
        memory.device ? fmt::format(", {:.0f} MB of {}", double(memory.device) / 1e6, devices_text()) : "";
    say(fmt::format("network: width {}, depth {}, {} pooling, {} classes; tile {} -> {}; {:.0f} MB of memory{}",
                    architecture_.width, architecture_.depth, architecture_.pooling == Pooling::max ? "max" : "average",
                    architecture_.classes, input_, output_size(architecture_, input_), double(memory.total()) / 1e6,
                    of_device));
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
    const std::string validation = data_.split.validation.empty() ? "no validation"
                                   : state_.plan.validation_interval == 1
                                       ? "validation after every step"
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
    const ParameterSets state = trainer_.state();
    if (found) {
        ParameterSets sets = state;
        if (state_.best_step > 0) sets["best"] = &best_.make_room();
        found->load(sets);
        say(fmt::format("goes on after step {}, from {}", state_.step, found->path.string()));
    }
    if (goes_on) {
        for (const auto &[name, set] : state) ranks_.share(set->data(), set->size() * sizeof(float));
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

Provenance TrainRun::how(const TrainPlan &plan) const {
    Provenance all = provenance(options_, plan, input_);
    all.merge(provenance(data_));
    all["inputs"] = inputs_;
    all["from"] = from_hash_;
    return all;
}

Metadata TrainRun::run_metadata(const TrainPlan &plan) const {
    Metadata run = to_metadata(architecture_, {data_.normalisation, data_.survey.scheme.class_names(), how(plan),
                                               options_.choice.context_slices});
    run["arithmetic"] = kernels().arithmetic();
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
    const std::string file = beside_model(options_.model, ".preview.png");
    write_preview(source_, options_.preview, architecture_.classes, file);
    fmt::print("{}\n", file);
}

// The model is written: nothing ends this run badly any more.
void TrainRun::write_report() {
    times_.all = seconds_since(started_);
    const std::string file = report_file(options_);
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

// Of a run that was killed between its model and its report.
void TrainRun::report_again() {
    Model model = load_model(options_.model);
    if (model.architecture() != architecture_) throw Error(Exit::data, options_.model + ": does not fit its data");
    Provenance &told = model.provenance;
    state_.plan = {parse_integer(told["steps"], 1, many), parse_integer(told["validate-every"], 1, many)};
    if (told.contains("best-step")) {
        state_.best_step = parse_integer(told["best-step"], 1, state_.plan.steps);
        state_.best_quality = parse_number(told["validation-quality"], 0, 1);
    }
    const std::vector<TrainMetrics> log = read_log(options_.model + ".log.jsonl");
    trainer_.resume(log.empty() ? state_.plan.steps : log.back().step);
    resumed_after_ = trainer_.steps_done();
    trainer_.show(model.parameters);
    times_ = {.start = seconds_since(started_)};
    write_report();
}

ModelNotes TrainRun::notes() const {
    ModelNotes notes{data_.normalisation, data_.survey.scheme.class_names(), how(state_.plan),
                     options_.choice.context_slices};
    if (state_.best_step > 0) {
        notes.provenance["best-step"] = std::to_string(state_.best_step);
        notes.provenance["validation-quality"] = fmt::format("{:.6f}", state_.best_quality);
    }
    if (options_.time_limit_seconds) notes.provenance["time-limit"] = limit_text(options_);
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

namespace {

// The model is there. What the run did not come to any more is done now.
void end_finished_run(const TrainOptions &options, std::chrono::steady_clock::time_point started) {
    if (!options.quiet) fmt::print(stderr, "{}: complete already\n", options.model);
    remove_leftovers(options);
    if (options.report && !fs::exists(report_file(options))) try {
            Ranks alone(one_process());
            TrainRun(options, alone, started).report_again();
        } catch (const std::exception &error) {
            fmt::print(stderr, "note: no report: {}\n", error.what());
        }
    fmt::print("{}\n", options.model);
}

}  // namespace

void run_train(const TrainOptions &options) {
    const auto started = std::chrono::steady_clock::now();
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
    const bool finished = job.first() && prepare_training(options);
    if (job.of_first(finished) != 0) {  // before others read all data in vain
        if (job.first()) end_finished_run(own, started);
        return;
    }
    std::optional<TrainRun> run;
    prepare_on(device_of_rank(options.device, job.rank(), job.size()), own.quiet,
               [&] { run.emplace(own, job, started); });
    if (options.preview) run->preview();
    else run->run();
}

}  // namespace unet
