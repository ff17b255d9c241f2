#include "pipeline/event_log.h"
#include "pipeline/shard.h"
#include "pipeline/utc_time.h"
#include "src/base/error.h"
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace unet {

uint64_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    uint64_t all = 0, resident = 0;
    return file >> all >> resident ? resident * uint64_t(::sysconf(_SC_PAGESIZE)) : 0;
}

EventLog::EventLog(const std::string &path) : path_(path) {
    if (path.empty()) return;
    file_.open(path, std::ios::app);
    if (!file_) throw Error(Exit::cannot_create, path + ": cannot be created; check the folder and its permissions");
}

void EventLog::write(const char *event, const nlohmann::ordered_json &fields) {
    if (path_.empty()) return;
    const std::lock_guard lock(mutex_);
    write_line(event, fields);
}

void EventLog::write_often(const char *event, const nlohmann::ordered_json &fields) {
    if (path_.empty()) return;
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (now - written_ < std::chrono::seconds(1)) return;
    written_ = now;
    write_line(event, fields);
}

void EventLog::write_line(const char *event, const nlohmann::ordered_json &fields) {
    nlohmann::ordered_json line{
        {"time", utc_time("%Y-%m-%dT%H:%M:%SZ")}, {"event", event}, {"resident_bytes", resident_bytes()}};
    if (const char *task = array_task_number()) line["task"] = task;
    line.update(fields);
    file_ << line.dump() << std::endl;  // at once, so that it can be followed
    if (!file_) throw Error(Exit::io, path_ + ": writing failed; free space or raise the quota, then run it again");
}

}  // namespace unet
