// How far a long job is: a bar on a terminal, a line a minute elsewhere.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <mutex>
#include <string>

namespace unet {

/// "45 s", "3 min 20 s", "2 h 05 min".
std::string duration_text(double seconds);

/// What a progress display shows.
struct ProgressState {
    std::string what, unit;  ///< "segment", "tiles"
    int64_t done = 0, total = 0;
    double seconds = 0;     ///< since the start
    std::string note = "";  ///< at the end: "loss 0.312"
    int64_t earlier = 0;    ///< of those done, before the start
};

/// "segment  120 of 480 tiles, 3.1 tiles/s, 1 min 56 s left, note"
std::string progress_line(const ProgressState &state);

/// "segment [#######      ]  25 %  3.1 tiles/s  1 min 56 s left  note", at most `columns` wide.
std::string progress_bar(const ProgressState &state, int columns);

enum class ProgressStyle { bar, lines, silent };

/// Silent when quiet, a bar when stderr is a terminal, else lines.
ProgressStyle progress_style(bool quiet);

/// Counts steps of a job and shows them: the bar at most ten times a second, lines once a minute, at the first and at
/// the last step. Safe from several threads.
class Progress {
public:
    using Clock = std::function<double()>;  ///< seconds

    Progress(std::string what, int64_t total, std::string unit, ProgressStyle style);
    Progress(std::string what, int64_t total, std::string unit, ProgressStyle style, std::ostream &out, Clock clock);
    ~Progress();  ///< clears the bar

    void advance(int64_t steps = 1);
    /// So many were done in an earlier run, beside those that earlier calls told of.
    void start_after(int64_t steps);
    /// Shown after the numbers from the next redraw on.
    void note(std::string text);
    /// A line of its own, above the bar; nothing when silent.
    void say(const std::string &line);

private:
    void show();
    void clear();

    ProgressState state_;
    ProgressStyle style_;
    std::ostream &out_;
    Clock clock_;
    double started_, shown_ = -1e9;
    int drawn_columns_ = 0;
    std::mutex mutex_;
};

}  // namespace unet
