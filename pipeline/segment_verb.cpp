#include "pipeline/segment_verb.h"
#include "pipeline/output_path.h"
#include "pipeline/segment_stack.h"
#include "pipeline/segment_work.h"
#include "pipeline/stack_run.h"
#include "pipeline/stop.h"
#include "src/base/error.h"
#include "src/base/paths.h"
#include "src/net/geometry.h"
#include <fmt/format.h>

namespace unet {

namespace fs = std::filesystem;

namespace {

// Many files share one progress display; a single one shows its tiles.
void segment_files(const StackFiles &files, const Ensemble &models, const SegmentOptions &options,
                   std::optional<Shard> shard, Timings &timings, EventLog &events, Progress *of_files) {
    StackRun run(files, models, options, shard);
    const auto say = [&](const std::string &line) {
        if (!options.quiet) fmt::print(stderr, "{}\n", line);
    };
    if (run.empty()) say(fmt::format("shard {} of {} is empty: there are fewer bands", shard->index, shard->count));
    else if (run.complete()) say(fmt::format("{}: complete already", files.outputs.front().string()));
    else {
        if (run.bands_done() > 0)
            say(fmt::format("{}: goes on after {} band{}", files.outputs.front().string(), run.bands_done(),
                            run.bands_done() == 1 ? "" : "s"));
        run.run(timings, progress_style(options.quiet || of_files), events);
    }
    if (of_files) of_files->advance();
    if (!run.empty())
        for (const fs::path &path : files.outputs) fmt::print("{}\n", path.string());
}

// For a size that was asked for; the default is rounded, and a page smaller than a tile gets a smaller one, without a
// note.
void note_rounding(const Model &model, const SegmentOptions &options) {
    const Architecture &net = model.architecture();
    const int tile = options.overlap ? geometry(net).largest_input(options.tile) : largest_tile(net, options.tile);
    if (options.quiet || tile == options.tile || options.tile == SegmentOptions{}.tile) return;
    fmt::print(stderr, "tile {} becomes {}, a size that fits the network\n", options.tile, tile);
}

void segment_shard(const SegmentWork &work, const Ensemble &models, const SegmentOptions &options, Timings &timings,
                   EventLog &events) {
    const size_t count = work.stacks.size();
    prepare_outputs(work.stacks, true);
    Progress of_files("segment", int64_t(count), "files", progress_style(options.quiet || count < 2));
    for (const StackFiles &files : work.stacks)
        segment_files(files, models, options, work.shard, timings, events, count > 1 ? &of_files : nullptr);
}

}  // namespace

void run_segment(const SegmentOptions &options) {
    Timings timings(Timings::Clock::now());
    answer_signals();
    const std::vector<std::optional<Shard>> shards = shards_to_do(options);
    if (!options.event_log.empty()) {
        std::vector<fs::path> inputs = expand_lists(options.inputs).files;
        inputs.insert(inputs.end(), options.models.begin(), options.models.end());
        check_output(options.event_log, inputs);
    }
    EventLog events(options.event_log);
    std::optional<Ensemble> prepared;
    prepare_on(
        options.device, options.quiet, [&] { prepare_models(prepared, options); }, options.precision);
    const Ensemble &models = *prepared;
    note_rounding(models.first(), options);
    timings.begin_tiles();
    for (const std::optional<Shard> &shard : shards)
        segment_shard(work_of(shard, options), models, options, timings, events);
    if (options.timings) fmt::print(stderr, "{}", timings.table());
}

}  // namespace unet
