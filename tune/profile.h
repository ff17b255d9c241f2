// The file that a build reads: schedules/profiles/<name>.txt.
#pragma once
#include "tune/findings.h"

namespace unet {

/// Where and how a profile was measured.
struct ProfileHead {
    std::string machine;   ///< machine_name(): by it a build finds its profile
    std::string measured;  ///< one line: date, processor, threads, program, network
    std::string target;    ///< the column of kernels: "avx512"
    NetworkTimes network;
};

/// "4.6 %", "-0.3 %".
std::string percent_text(double gain);

/// Lines `kernel target key=value...  # milliseconds`, for those kernels that another choice than generic.txt's makes
/// faster, behind lines that begin with #. cmake/Profiles.cmake reads it.
std::string profile_text(const ProfileHead &head, const Findings &findings);

}  // namespace unet
