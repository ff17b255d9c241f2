#include "pipeline/segment_verb.h"
#include "pipeline/output_path.h"
#include "pipeline/segment_stack.h"
#include "pipeline/stack_run.h"
#include "pipeline/stop.h"
#include "src/base/error.h"
#include "src/base/paths.h"
#include <fmt/format.h>

namespace unet {

namespace fs = std::filesystem;

namespace {

// Many files share one progress display; a single one shows its tiles.
void segment_files(const StackFiles &files, const Model &model, const std::string &hash, const PreparedWeights &weights,
                   const SegmentOptions &options, std::optional<Shard> shard, Timings &timings, EventLog &events,
                   Progress *of_files) {
    StackRun run(files, model, hash, options, shard);
    const auto say = [&](const std::string &line) {
        if (!options.quiet) fmt::print(stderr, "{}\n", line);
    };
    if (run.empty()) say(fmt::format("shard {} of {} is empty: there are fewer bands", shard->index, shard->count));
    else if (run.complete()) say(fmt::format("{}: complete already", files.outputs.front().string()));
    else {
        if (run.bands_done() > 0)
            say(fmt::format("{}: goes on after {} band{}", files.outputs.front().string(), run.bands_done(),
                            run.bands_done() == 1 ? "" : "s"));
        run.run(weights, timings, progress_style(options.quiet || of_files), events);
    }
    if (of_files) of_files->advance();
    if (!run.empty())
        for (const fs::path &path : files.outputs) fmt::print("{}\n", path.string());
}

// For a size that was asked for; the default is rounded, and a page smaller than a tile gets a smaller one, without a
// note.
void note_rounding(const Model &model, const SegmentOptions &options) {
    const int tile = largest_tile(model.architecture(), options.tile);
    if (options.quiet || tile == options.tile || options.tile == SegmentOptions{}.tile) return;
    fmt::print(stderr, "tile {} becomes {}, a size that fits the network\n", options.tile, tile);
}

std::optional<ArrayTask> task_of(const SegmentOptions &options) {
    if (options.whole) return {};
    if (options.shard) return ArrayTask{"", *options.shard};
    std::optional<ArrayTask> task = task_of_array();
    if (task && !options.quiet)
        fmt::print(stderr, "task {}{} of a {} array, from 0\n", task->task.index,
                   task->task.count ? fmt::format(" of {}", task->task.count) : "", task->queue);
    if (!task && options.shards) throw Error(Exit::usage, "--shards: this is no task of a job array; name --shard i/N");
    return task;
}

// A stack is cut into bands. Of a folder of outputs each shard makes whole files.
void segment_shard(std::optional<Shard> shard, const Model &model, const std::string &hash,
                   const PreparedWeights &weights, const SegmentOptions &options, Timings &timings, EventLog &events) {
    const std::string output = shard ? shard_name(options.output, *shard) : options.output;
    std::vector<StackFiles> plan = plan_files(expand_paths(options.inputs), output, options.kind_names());
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
        segment_files(files, model, hash, weights, options, shard, timings, events,
                      plan.size() > 1 ? &of_files : nullptr);
}

}  // namespace

void run_segment(const SegmentOptions &options) {
    Timings timings(Timings::Clock::now());
    answer_signals();
    const std::optional<ArrayTask> task = task_of(options);
    if (!options.event_log.empty()) {
        std::vector<fs::path> inputs = expand_paths(options.inputs);
        inputs.push_back(options.model);
        check_output(options.event_log, inputs);
    }
    EventLog events(options.event_log);
    const Model model = load_model(options.model);
    const std::string hash = model_hash(model);
    const PreparedWeights weights(model.parameters, PreparedWeights::Use::inference);
    note_rounding(model, options);
    timings.begin_tiles();
    if (!task) segment_shard({}, model, hash, weights, options, timings, events);
    else {
        const std::vector<Shard> shards = shards_of(task->task, options.shards);
        const bool one_file = options.storage == TileStorage::deflate && !is_folder(options.output) &&
                              shard_name(options.output, {0, 1}) == options.output;
        if (shards.size() > 1 && one_file)
            throw Error(Exit::usage, "--output: " + options.output + " would be written by each of " +
                                         std::to_string(shards.size()) + " shards; put %s into its name");
        for (const Shard &shard : shards) segment_shard(shard, model, hash, weights, options, timings, events);
    }
    if (options.timings)
        fmt::print(stderr, "{}", timings.table());
}

}  // namespace unet
