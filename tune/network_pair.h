// A network with the kernels as they were and as they are.
#pragma once
#include "src/net/architecture.h"
#include "tune/findings.h"

namespace unet {

/// Exchanges the kernels whose knobs changed in the network itself, runs it with both in turn and compares what it
/// computes, to the last bit, with what the kernels of the build give. `base`: the kernels of the build. Throws
/// Error(internal) when a byte differs.
NetworkTimes compare_networks(const Kernels &base, const Findings &findings, const Architecture &architecture,
                              int input, bool training);

}  // namespace unet
