#include "pipeline/segment_work.h"
#include "pipeline/bytes_text.h"
#include "pipeline/output_path.h"
#include "pipeline/workspaces.h"
#include "src/base/error.h"
#include "src/base/paths.h"
#include "src/net/memory.h"
#include <fmt/format.h>

namespace unet {

namespace {

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

}  // namespace

std::vector<std::optional<Shard>> shards_to_do(const SegmentOptions &options) {
    const std::optional<ArrayTask> task = task_of(options);
    if (!task) return {std::nullopt};
    const std::vector<Shard> shards = shards_of(task->task, options.shards);
    const bool one_file = options.storage == TileStorage::deflate && !is_folder(options.output) &&
                          shard_name(options.output, {0, 1}) == options.output;
    if (shards.size() > 1 && one_file)
        throw Error(Exit::usage, "--output: " + options.output + " would be written by each of " +
                                     std::to_string(shards.size()) + " shards; put %s into its name");
    return {shards.begin(), shards.end()};
}

void prepare_models(std::optional<Ensemble> &models, const SegmentOptions &options) {
    models.emplace(options.models);
    if (devices_in_use().empty()) return;
    const Architecture &architecture = models->first().architecture();
    const Size least = square(geometry(architecture).smallest_input);
    const uint64_t bytes =
        options.models.size() * inference_weight_bytes(architecture) + device_network_bytes(architecture, least);
    if (options.most_device_memory && bytes > options.most_device_memory)
        throw DeviceFull(fmt::format("--device-memory: at least {} are needed with this model", bytes_text(bytes)));
    Workspaces(architecture, least).borrow([](UNet &) {});
}

SegmentWork work_of(std::optional<Shard> shard, const SegmentOptions &options) {
    const std::string output = shard ? shard_name(options.output, *shard) : options.output;
    std::vector<StackFiles> all = plan_files(expand_lists(options.inputs), output, options.kind_names());
    for (const StackFiles &files : all)
        for (const std::filesystem::path &path : files.outputs)
            check_output(path, {options.models.begin(), options.models.end()});
    if (!shard || !is_folder(output)) return {std::move(all), shard};
    SegmentWork work;
    for (size_t i = size_t(shard->index); i < all.size(); i += size_t(shard->count))
        work.stacks.push_back(std::move(all[i]));
    return work;
}

}  // namespace unet
