// The numbers that a schedule may be tuned by, as the tuner sees them.
#pragma once
#include <map>
#include <string>
#include <vector>

namespace unet {

/// Values by name, as parameters of a generator (generators/knobs.h). What is missing the schedule chooses.
using KnobValues = std::map<std::string, int>;

/// Knobs that are changed together, and the values that are tried.
using KnobChoices = std::vector<KnobValues>;

/// "blocks=4 pixels=6 rows=18"; "default" without any.
std::string knobs_text(const KnobValues &knobs);

/// The opposite, with blanks or semicolons between. Throws Error(data) for anything else.
KnobValues parse_knobs(const std::string &text);

/// What is worth trying for the generator `op` on CPUs with vectors of `lanes` floats: a list for each group of knobs
/// that are changed together. Empty when the schedule has no knobs.
///
/// Results do not depend on any of them: vectors run over channels or pixels and each sum keeps its order
/// (docs/design.md, "Same bytes"). The tuner compares bytes nevertheless.
std::vector<KnobChoices> knob_choices(const std::string &op, int lanes);

/// The same on devices, for the schedules of `family`: "gpu", or "cuda", which takes those it has not from gpu. A value
/// that is too much for a device (threads of a block, shared memory) is refused there when it is tried.
std::vector<KnobChoices> device_knob_choices(const std::string &op, const std::string &family);

}  // namespace unet
