// Where and when a run ran, for its report.
#pragma once
#include "src/report/html_report.h"

namespace unet {

/// Time now as "2026-11-27 11:48 UTC".
std::string date_and_time();

/// Program, computer, processor, threads of this arena, kernels, memory; what the system does not tell is left out.
std::vector<Fact> machine_facts();

}  // namespace unet
