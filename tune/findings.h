// What a run of the tuner has found, kept in a file from trial to trial.
#pragma once
#include "tune/kernel_search.h"
#include <filesystem>
#include <nlohmann/json_fwd.hpp>

namespace unet {

/// What has to be the same for a run to go on: a name and its value each.
using RunIdentity = std::map<std::string, std::string>;

/// Times of the whole network with the kernels as they were and as they are, in turn.
struct NetworkTimes {
    InTurn inference, training;                            ///< training: 0 when not timed
    bool compared() const { return inference.first > 0; }  ///< not on devices
};

struct Findings {
    RunIdentity run;
    double seconds = 0;                   ///< spent so far
    std::vector<KernelFindings> kernels;  ///< the ones that take longest first

    /// Of a kernel; nullptr before the first.
    const KernelFindings *find(const std::string &kernel) const;
};

/// Throws Error(data) when the file is damaged, or holds another run than `run`: then with what differs.
Findings read_findings(const std::filesystem::path &path, const RunIdentity &run);

/// Through a temporary file: whole at any time. Throws Error(cannot_create) or Error(io).
void write_findings(const std::filesystem::path &path, const Findings &findings);

}  // namespace unet
