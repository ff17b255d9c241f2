// What a long run is doing, for programs that watch it.
#pragma once
#include <chrono>
#include <fstream>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace unet {

/// JSON, one object a line, added to the end of a file: `time` (UTC), `event`, `resident_bytes`, the number of the task
/// where a job array is, and what the event says.
class EventLog {
public:
    /// Nothing is written where `path` is empty. Throws Error(cannot_create).
    explicit EventLog(const std::string &path);

    void write(const char *event, const nlohmann::ordered_json &fields);
    /// The same, but no more than once a second: for what happens often.
    void write_often(const char *event, const nlohmann::ordered_json &fields);

private:
    void write_line(const char *event, const nlohmann::ordered_json &fields);

    std::string path_;
    std::ofstream file_;
    std::mutex mutex_;
    std::chrono::steady_clock::time_point written_{};  // the last by write_often
};

/// Resident memory of this process now, in bytes; 0 where the system does not say.
uint64_t resident_bytes();

}  // namespace unet
