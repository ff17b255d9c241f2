#include "pipeline/label_checkpoint.h"
#include "pipeline/journal.h"

namespace unet {

namespace {

using Clock = std::chrono::steady_clock;

const std::string label_checkpoint_format = "unetflow-label.1";
constexpr int durations_per_checkpoint = 20;
constexpr auto first_duration = std::chrono::milliseconds(10);  // of short runs there are none
constexpr auto longest_wait = std::chrono::seconds(5);

void add_map(StateWriter &file, const std::map<std::string, std::string> &map) {
    file.add(uint64_t(map.size()));
    for (const auto &[key, value] : map) {
        file.add(key);
        file.add(value);
    }
}

std::map<std::string, std::string> read_map(StateReader &file) {
    std::map<std::string, std::string> map;
    for (size_t left = file.count(2 * sizeof(uint64_t)); left > 0; left--) {
        std::string key, value;
        file.read(key);
        file.read(value);
        map[key] = value;
    }
    return map;
}

}  // namespace

LabelCheckpoint::LabelCheckpoint(const std::filesystem::path &output, const std::map<std::string, std::string> &run)
    : path_(output.string() + ".checkpoint"), run_(run), duration_(first_duration) {
    run_["format"] = label_checkpoint_format;
}

std::optional<RowPlace> LabelCheckpoint::load(Numbering &numbering) const {
    if (!std::filesystem::exists(path_)) return {};
    StateReader file(path_);
    check_same_run(path_, read_map(file), run_,
                   "give the same options and inputs to go on, or add --restart to begin anew");
    RowPlace next;
    file.read(next);
    numbering.load(file);
    file.finish();
    return next;
}

bool LabelCheckpoint::is_due() const { return Clock::now() - saved_ >= durations_per_checkpoint * duration_; }

bool LabelCheckpoint::is_quick() const { return duration_ < longest_wait; }

void LabelCheckpoint::save(const Numbering &numbering, RowPlace next) {
    const Clock::time_point begin = Clock::now();
    StateWriter file(path_);
    add_map(file, run_);
    file.add(next);
    numbering.save(file);
    file.commit();
    saved_ = Clock::now();
    duration_ = saved_ - begin;
}

void LabelCheckpoint::remove() const {
    std::error_code ignored_error;
    std::filesystem::remove(path_, ignored_error);
}

}  // namespace unet
