#include "pipeline/shard.h"
#include "pipeline/option_values.h"
#include "src/base/error.h"
#include <cstdlib>
#include <fmt/format.h>
#include <limits>

namespace unet {

namespace {

constexpr int64_t most_shards = 1 << 30;

std::optional<int64_t> number_of(const char *variable) {
    const char *text = std::getenv(variable);
    if (!text || !*text || std::string(text) == "undefined") return {};  // SGE outside of arrays
    try {
        return parse_integer(text, std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max());
    } catch (const Error &) {
        throw Error(Exit::usage, fmt::format("{}={}: is no number; name the shard with --shard", variable, text));
    }
}

/// A queue's names for a task's number, for the first, last and step of all numbers, and for how many there are; ""
/// where it has none.
struct Queue {
    const char *name, *id, *first, *last, *step, *count;
};
constexpr Queue queues[] = {
    {"Slurm", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX", "SLURM_ARRAY_TASK_STEP",
     "SLURM_ARRAY_TASK_COUNT"},
    {"LSF", "LSB_JOBINDEX", "", "LSB_JOBINDEX_END", "LSB_JOBINDEX_STEP", ""},
    {"SGE", "SGE_TASK_ID", "SGE_TASK_FIRST", "SGE_TASK_LAST", "SGE_TASK_STEPSIZE", ""},
    {"PBS", "PBS_ARRAY_INDEX", "", "", "", ""},
};

ArrayTask task_of(const Queue &queue, int64_t id) {
    const auto refuse = [&](const std::string &fact) {
        throw Error(Exit::usage, fmt::format("{}={}: {}; name the shard with --shard", queue.id, id, fact));
    };
    const std::optional<int64_t> last = number_of(queue.last), count = number_of(queue.count);
    if (!last) {  // PBS does not say how many tasks there are; they count from 0
        if (id < 0) refuse("is below 0");
        return {queue.name, {id, 0}};
    }
    const int64_t step = number_of(queue.step).value_or(1), first = number_of(queue.first).value_or(1);
    if (step < 1 || *last < first) refuse("its numbers contradict each other");
    const Shard task{(id - first) / step, (*last - first) / step + 1};
    if (id < first || id > *last || (id - first) % step != 0)
        refuse(fmt::format("is none of the numbers {} to {} in steps of {}", first, *last, step));
    if (count && *count != task.count)
        refuse(fmt::format("the array has {} tasks, its numbers mean {}; it must not have gaps", *count, task.count));
    return {queue.name, task};
}

}  // namespace

Shard parse_shard(const std::string &text) {
    const size_t slash = text.find('/');
    if (slash == std::string::npos) throw Error(Exit::usage, "must be i/N: shard i of N, counted from 0");
    const Shard shard{parse_integer(text.substr(0, slash), 0, most_shards),
                      parse_integer(text.substr(slash + 1), 1, most_shards)};
    if (shard.index >= shard.count) throw Error(Exit::usage, fmt::format("shards count from 0 to {}", shard.count - 1));
    return shard;
}

std::optional<ArrayTask> task_of_array() {
    for (const Queue &queue : queues) {
        const std::optional<int64_t> id = number_of(queue.id);
        const bool outside = id == 0 && std::string(queue.id) == "LSB_JOBINDEX";  // LSF sets 0 for plain jobs
        if (id && !outside) return task_of(queue, *id);
    }
    return {};
}

const char *array_task_number() {
    for (const Queue &queue : queues)
        if (const char *value = std::getenv(queue.id)) return value;
    return nullptr;
}

std::vector<Shard> shards_of(const Shard &task, int64_t shards) {
    if (shards == 0 && task.count == 0)
        throw Error(Exit::usage, "--shards: the queue does not say how many tasks there are; name the number");
    if (shards == 0) return {task};
    const int64_t tasks = task.count ? task.count : shards;
    if (task.index >= shards)
        throw Error(Exit::usage,
                    fmt::format("--shards: task {} (from 0) has no part of {}; ask for as many as tasks, or "
                                "more",
                                task.index, shards));
    std::vector<Shard> all;
    for (int64_t index = task.index; index < shards; index += tasks) all.push_back({index, shards});
    return all;
}

BandRange bands_of(const Shard &shard, int64_t bands) {
    const auto begin = [&](int64_t index) { return int64_t(__int128(bands) * index / shard.count); };
    return {begin(shard.index), begin(shard.index + 1)};
}

std::string shard_name(const std::string &name, const Shard &shard) {
    std::string out;
    for (size_t i = 0; i < name.size(); i++) {
        const bool mark = name.compare(i, 2, "%s") == 0;
        out += mark ? std::to_string(shard.index) : name.substr(i, 1);
        i += mark;
    }
    return out;
}

}  // namespace unet
