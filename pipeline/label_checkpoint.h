// How far `label` has come with a stack, beside its output.
#pragma once
#include "pipeline/numbering.h"
#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace unet {

/// OUTPUT.checkpoint: what the scans have found so far, as a whole. So what a kill loses is the work since the last
/// one. Throws Error: cannot_create, io.
class LabelCheckpoint {
public:
    /// `run`: what decides the labels, key and value.
    LabelCheckpoint(const std::filesystem::path &output, const std::map<std::string, std::string> &run);

    /// Loads what stands there, and says from which row on the scan under way goes on; nothing where there is none.
    /// Throws Error(data) when it is another run's, or damaged.
    std::optional<RowPlace> load(Numbering &numbering) const;
    /// Whether it is time for the next: saving may take a twentieth of the time.
    bool is_due() const;
    /// Whether saving takes no longer than one who stops a run will wait.
    bool is_quick() const;
    void save(const Numbering &numbering, RowPlace next);
    void remove() const;

private:
    std::filesystem::path path_;
    std::map<std::string, std::string> run_;
    std::chrono::steady_clock::time_point saved_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::duration duration_;  // of the last one
};

}  // namespace unet
