// Where the time of a run goes, for --timings.
#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <string>

namespace unet {

enum class Stage { start, read, network, kernels, encode, write };

/// Adds up what each stage took, over all threads and tiles. For several threads at once.
class Timings {
public:
    using Clock = std::chrono::steady_clock;

    explicit Timings(Clock::time_point started) : started_(started) {}

    /// From here on so many networks run beside each other: each adds its part of the wall time that they fill
    /// together.
    void run_beside(int networks) { networks_ = networks; }

    void add(Stage stage, double seconds) {
        const bool of_network = stage == Stage::network || stage == Stage::kernels;
        nanoseconds_[size_t(stage)] += int64_t(seconds * 1e9 / (of_network ? networks_.load() : 1));
    }
    double seconds(Stage stage) const { return double(nanoseconds_[size_t(stage)]) / 1e9; }

    /// Runs `work` and adds its time to `stage`.
    template<class Work>
    auto measure(Stage stage, const Work &work) {
        const struct Lap {
            Timings &timings;
            Stage stage;
            Clock::time_point start = Clock::now();
            ~Lap() { timings.add(stage, std::chrono::duration<double>(Clock::now() - start).count()); }
        } lap{*this, stage};
        return work();
    }

    /// Ends `start`: everything before the first tile.
    void begin_tiles() { add(Stage::start, std::chrono::duration<double>(Clock::now() - started_).count()); }

    /// A line per stage: seconds and share of the time since `started`; what the networks did not work is waiting.
    std::string table() const;

private:
    Clock::time_point started_;
    std::atomic<int> networks_ = 1;
    std::array<std::atomic<int64_t>, 6> nanoseconds_{};
};

}  // namespace unet
