// The file that a build reads: schedules/profiles/<name>.txt.
#pragma once
#include "tune/findings.h"

namespace unet {

/// Where and how a profile was measured.
struct ProfileHead {
    std::string machine;   ///< tuned_machine(): by it a build finds its profile
    std::string measured;  ///< one line: date, processor and threads or device, program, network
    std::string target;    ///< the column of kernels: "avx512"
    NetworkTimes network;
    std::string device = "cpu";  ///< as --device takes it
};

/// Why the network was not compared on a device, and what does it.
std::string not_compared_text(const ProfileHead &head);

/// "4.6 %", "-0.3 %".
std::string percent_text(double gain);

/// Lines `kernel target key=value...  # milliseconds`, for those kernels that another choice than generic.txt's makes
/// faster, behind lines that begin with #. cmake/Profiles.cmake reads it.
std::string profile_text(const ProfileHead &head, const Findings &findings);

}  // namespace unet
