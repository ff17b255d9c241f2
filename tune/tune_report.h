// What the tuner tells a reader.
#pragma once
#include "src/report/html_report.h"
#include "tune/jobs.h"
#include "tune/profile.h"

namespace unet {

/// What the machine can do at most, by which shares of a peak are taken. 0: not known, as of devices.
struct Peaks {
    double gflops = 0, gbs = 0;
};

struct TuneReport {
    ProfileHead head;
    Peaks peaks;
    Findings findings;
    std::map<std::string, KernelWork> work;  ///< by kernel
    double minutes = 0;                      ///< that were asked for
    std::vector<Fact> machine;
};

/// A table of the kernels for a terminal: times, share of the peak before and after, knobs.
std::string report_text(const TuneReport &report);

/// The same as an HTML page, with all that was tried.
std::string report_html(const TuneReport &report);

}  // namespace unet
