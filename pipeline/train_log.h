// Metrics of a training run as JSON lines.
#pragma once
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <vector>

namespace unet {

/// One line of the log.
struct TrainMetrics {
    int64_t step = 0;
    double loss = 0, learning_rate = 0, samples_per_second = 0;
    std::optional<double> validation_iou = {};                     ///< mean over classes
    std::vector<std::optional<double>> validation_class_iou = {};  ///< class 0 first; empty without validation
    std::optional<double> validation_pq = {};                      ///< panoptic quality of instances
    std::vector<std::vector<uint64_t>> validation_confusion = {};  ///< pixels, [truth][predicted]; empty without
    std::optional<double> training_iou = {};  ///< mean over classes, of some training slices as they are
};

/// The lines of a log; what is no such line is left out. None where there is no file.
std::vector<TrainMetrics> read_log(const std::filesystem::path &path);

/// Writes each line at once, so that a plot can follow the run.
class TrainLog {
public:
    /// Replaces an older log, but for its lines up to step `kept_steps`: the run goes on from there.
    /// Throws Error: cannot_create, io.
    explicit TrainLog(std::filesystem::path path, int64_t kept_steps = 0);
    void write(const TrainMetrics &metrics);

private:
    std::filesystem::path path_;
    std::ofstream file_;
};

}  // namespace unet
