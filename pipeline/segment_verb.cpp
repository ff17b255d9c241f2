#include "pipeline/segment_verb.h"
#include "generated/version.h"
#include "pipeline/input_identity.h"
#include "pipeline/output_path.h"
#include "pipeline/output_stack.h"
#include "pipeline/progress.h"
#include "pipeline/segment_stack.h"
#include "pipeline/stack_files.h"
#include "pipeline/stop.h"
#include "pipeline/threads.h"
#include "src/base/error.h"
#include "src/base/paths.h"
#include "src/kernels/kernels.h"
#include "src/net/model.h"
#include "src/net/unet.h"
#include <fmt/format.h>
#include <unistd.h>

namespace unet {

namespace fs = std::filesystem;

namespace {

std::vector<OutputKind> output_kinds(const SegmentOptions &options) {
    std::vector<OutputKind> kinds;
    if (options.classes) kinds.push_back({});
    if (options.probabilities) kinds.push_back({true, options.probability_type});
    return kinds;
}

std::vector<std::string> names(const std::vector<OutputKind> &kinds) {
    std::vector<std::string> names;
    for (const OutputKind &kind : kinds) names.push_back(kind.name());
    return names;
}

void check_channels(const StackReader &images, const Model &model, const std::string &model_name) {
    const int has = images.shape().samples, needs = model.architecture().channels;
    if (has != needs)
        throw Error(Exit::data,
                    fmt::format("{}: has {} channel{}, but {} was trained on {}; give images like the training's",
                                images.name(), has, has == 1 ? "" : "s", model_name, needs));
}

PageRange chosen_pages(const StackReader &images, const SegmentOptions &options) {
    const int pages = images.shape().pages;
    if (!options.pages) return {0, pages};
    const auto [first, end] = *options.pages;
    if (end > pages)
        throw Error(Exit::usage, fmt::format("--z {}:{}: {} has slices 0 to {}", first, end, images.name(), pages - 1));
    return {first, end - first};
}

Rect chosen_area(const StackReader &images, const SegmentOptions &options) {
    const StackShape &shape = images.shape();
    if (!options.area) return {0, 0, shape.width, shape.height};
    const Rect &area = *options.area;
    if (area.x > shape.width - area.width || area.y > shape.height - area.height)
        throw Error(Exit::usage, fmt::format("--roi {},{},{},{}: reaches outside {}, which is {} x {}", area.x, area.y,
                                             area.width, area.height, images.name(), shape.width, shape.height));
    return area;
}

std::string normalisation_text(const Normalisation &normalisation) {
    if (normalisation.by_page) return "page";
    std::string text;
    for (size_t k = 0; k < normalisation.low.size(); k++)
        text += fmt::format("{}{}..{}", k ? " " : "", normalisation.low[k], normalisation.high[k]);
    return text;
}

// What decides the pixels, and nothing else: equal results are equal files.
std::map<std::string, std::string> metadata(const Model &model, const OutputKind &kind, const RegionPlan &plan,
                                            const SegmentOptions &options) {
    std::map<std::string, std::string> entries{{"unetflow", version},
                                               {"model", model_hash(model)},
                                               {"normalisation", normalisation_text(model.normalisation)},
                                               {"emit", kind.name()}};
    std::string classes;
    for (const std::string &name : model.class_names) classes += (classes.empty() ? "" : ",") + name;
    entries["classes"] = classes;
    if (options.pages) entries["z"] = fmt::format("{}:{}", plan.pages().first, plan.pages().first + plan.pages().count);
    const Rect area = plan.area();
    if (options.area) entries["roi"] = fmt::format("{},{},{},{}", area.x, area.y, area.width, area.height);
    return entries;
}

StackShape output_shape(const StackReader &images, const RegionPlan &plan, const OutputKind &kind, int classes) {
    StackShape shape = images.shape();
    shape.width = plan.area().width;
    shape.height = plan.area().height;
    shape.pages = plan.pages().count;
    shape.samples = kind.planes(classes);
    shape.type = kind.type;
    return shape;
}

RegionPlan plan_tiles(const StackReader &images, const Model &model, const SegmentOptions &options,
                      std::optional<BandRange> bands = {}) {
    return plan_region(images.shape(), model.architecture(), options.tile, chosen_pages(images, options),
                       chosen_area(images, options), bands);
}

// Targets that fuse multiplications and additions give the same bytes, others their own.
std::string arithmetic() {
    const bool fused = kernels().halide_target.find("fma") != std::string_view::npos;
    return std::string(fused ? "fma" : kernels().name);
}

std::string host_name() {
    char name[256] = "";
    return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

// For a size that was asked for; the default is rounded, and a page smaller than a tile gets a smaller one, without a
// note.
void note_rounding(const Model &model, const SegmentOptions &options) {
    const int tile = largest_tile(model.architecture(), options.tile);
    if (options.quiet || tile == options.tile || options.tile == SegmentOptions{}.tile) return;
    fmt::print(stderr, "tile {} becomes {}, a size that fits the network\n", options.tile, tile);
}

// What decides the bytes of an output beyond what stands in it.
std::map<std::string, std::string> run_of(const OutputSpec &spec, const InputIdentity &input) {
    std::map<std::string, std::string> run = spec.head.metadata;
    run["input"] = input.content;
    run["input-times"] = input.times;
    run["type"] = sample_type_name(spec.head.stack.type);
    run["output-layout"] = spec.head.storage == TileStorage::plain ? "preallocated" : "bands";
    run["arithmetic"] = arithmetic();
    if (spec.shard) run["shard"] = fmt::format("{}/{}", spec.shard->index, spec.shard->count);
    return run;
}

/// One stack, or a shard of it, on its way.
class StackRun {
public:
    StackRun(const StackFiles &files, const Model &model, const SegmentOptions &options, std::optional<Shard> shard)
        : model_(model), options_(options), images_(files.inputs), kinds_(output_kinds(options)) {
        check_channels(images_, model, options.model);
        const InputIdentity input = identify(files.inputs);
        const RegionPlan whole = plan_tiles(images_, model, options);
        const BandRange bands = bands_of(shard.value_or(Shard{}), whole.bands());
        next_ = bands.end;
        for (size_t i = 0; i < kinds_.size() && bands.first < bands.end; i++) {
            OutputSpec spec{.path = files.outputs[i],
                            .head = {.run = {},
                                     .metadata = metadata(model, kinds_[i], whole, options),
                                     .stack = output_shape(images_, whole, kinds_[i], model.architecture().classes),
                                     .storage = options.storage,
                                     .bands = bands},
                            .shard = shard};
            spec.head.run = run_of(spec, input);
            const OutputState state = look_up(spec, options.overwrite, options.restart, input.changed);
            if (state.complete) continue;
            specs_.push_back(spec);
            unfinished_.push_back(kinds_[i]);
            next_ = std::min(next_, state.next);
        }
        bands_ = bands;
    }

    bool empty() const { return bands_.first == bands_.end; }
    bool complete() const { return specs_.empty(); }
    int64_t bands_done() const { return next_ - bands_.first; }

    /// Throws Error(interrupted) after a stop signal, when all that was finished is on the disk.
    void run(const PreparedWeights &weights, Timings &timings, Progress *of_files) {
        const auto started = Timings::Clock::now();
        std::vector<std::unique_ptr<OutputStack>> outputs;
        for (const OutputSpec &spec : specs_) outputs.push_back(std::make_unique<OutputStack>(spec, next_));
        const SegmentJob job{images_.name(),
                             images_.shape(),
                             [&](int page, Rect region) { return images_.read(page, region); },
                             weights,
                             model_.normalisation,
                             plan_tiles(images_, model_, options_, BandRange{next_, bands_.end}),
                             unfinished_,
                             segment_limits(arena_threads(), options_.tiles_in_flight),
                             timings};
        Progress of_tiles("segment", job.plan.size(), "tiles", progress_style(options_.quiet || of_files));
        try {
            segment_stack(
                job, [&](size_t output, const Band &band) { outputs[output]->append(band); },
                [&] { of_tiles.advance(); });
        } catch (const Error &error) {
            if (error.code == Exit::interrupted)
                for (const auto &output : outputs) output->commit();
            throw;
        }
        const double seconds = std::chrono::duration<double>(Timings::Clock::now() - started).count();
        timings.measure(Stage::write, [&] {
            for (const auto &output : outputs)
                output->finish({version, std::string(kernels().name), host_name(), seconds});
        });
    }

private:
    const Model &model_;
    const SegmentOptions &options_;
    StackReader images_;
    std::vector<OutputKind> kinds_, unfinished_;
    std::vector<OutputSpec> specs_;
    BandRange bands_;
    int64_t next_ = 0;
};

// Many files share one progress display; a single one shows its tiles.
void segment_files(const StackFiles &files, const Model &model, const PreparedWeights &weights,
                   const SegmentOptions &options, std::optional<Shard> shard, Timings &timings, Progress *of_files) {
    StackRun run(files, model, options, shard);
    const auto say = [&](const std::string &line) {
        if (!options.quiet) fmt::print(stderr, "{}\n", line);
    };
    if (run.empty()) say(fmt::format("shard {} of {} is empty: there are fewer bands", shard->index, shard->count));
    else if (run.complete()) say(fmt::format("{}: complete already", files.outputs.front().string()));
    else {
        if (run.bands_done() > 0)
            say(fmt::format("{}: goes on after {} band{}", files.outputs.front().string(), run.bands_done(),
                            run.bands_done() == 1 ? "" : "s"));
        run.run(weights, timings, of_files);
    }
    if (of_files) of_files->advance();
    if (!run.empty())
        for (const fs::path &path : files.outputs) fmt::print("{}\n", path.string());
}

std::optional<ArrayTask> task_of(const SegmentOptions &options) {
    if (options.shard) return ArrayTask{"", *options.shard};
    std::optional<ArrayTask> task = task_of_array();
    if (task && !options.quiet)
        fmt::print(stderr, "task {}{} of a {} array, from 0\n", task->task.index,
                   task->task.count ? fmt::format(" of {}", task->task.count) : "", task->queue);
    if (!task && options.shards) throw Error(Exit::usage, "--shards: this is no task of a job array; name --shard i/N");
    return task;
}

// A stack is cut into bands. Of a folder of outputs each shard makes whole files.
void segment_shard(std::optional<Shard> shard, const Model &model, const PreparedWeights &weights,
                   const SegmentOptions &options, Timings &timings) {
    const std::string output = shard ? shard_name(options.output, *shard) : options.output;
    std::vector<StackFiles> plan = plan_files(expand_paths(options.inputs), output, names(output_kinds(options)));
    for (const StackFiles &files : plan)
        for (const fs::path &path : files.outputs) check_output(path, {options.model});
    if (shard && is_folder(output)) {
        std::vector<StackFiles> own;
        for (size_t i = size_t(shard->index); i < plan.size(); i += size_t(shard->count)) own.push_back(plan[i]);
        plan = own;
        shard.reset();
    }
    prepare_outputs(plan, true);
    Progress of_files("segment", int64_t(plan.size()), "files", progress_style(options.quiet || plan.size() < 2));
    for (const StackFiles &files : plan)
        segment_files(files, model, weights, options, shard, timings, plan.size() > 1 ? &of_files : nullptr);
}

}  // namespace

void run_segment(const SegmentOptions &options) {
    Timings timings(Timings::Clock::now());
    answer_signals();
    const std::optional<ArrayTask> task = task_of(options);
    const Model model = load_model(options.model);
    const PreparedWeights weights(model.parameters, PreparedWeights::Use::inference);
    note_rounding(model, options);
    timings.begin_tiles();
    if (!task) segment_shard({}, model, weights, options, timings);
    else
        for (const Shard &shard : shards_of(task->task, options.shards))
            segment_shard(shard, model, weights, options, timings);
    if (options.timings)
        fmt::print(stderr, "{}", timings.table(segment_limits(arena_threads(), options.tiles_in_flight).workspaces));
}

}  // namespace unet
