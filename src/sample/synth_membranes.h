// Synthetic electron micrographs of neural tissue.
#pragma once
#include "src/sample/synth_slice.h"

namespace unet {

/// Slice `slice` of a stack that looks like serial-section transmission electron microscopy of fly brain at 4 x 4 x 50
/// nm: walls of varying width and darkness that fade where they run obliquely through the section, organelles, grain,
/// uneven contrast. Neighbouring slices cut the same cells.
///
/// Labels   0 wall, 255 cell, as ISBI 2012 has them: exact, since the walls are drawn from them
/// Returns  the same bytes for the same (seed, size, slice); size and slice in pixels and slices, size >= 1, slice >= 0
SynthSlice synth_membranes(uint64_t seed, int size, int slice);

}  // namespace unet
