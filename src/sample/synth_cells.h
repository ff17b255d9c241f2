// Synthetic light micrographs of a cell culture.
#pragma once
#include "src/sample/synth_slice.h"

namespace unet {

/// Frame `slice` of a video that looks like cultured cells in differential interference and phase contrast at 0.65 um:
/// flat cells that touch, with relief, nuclei, droplets and fibres, and round bright ones in division. They crawl from
/// frame to frame.
///
/// Labels   0 background, 1.. the cells in the order of their first pixels; each is one 4-connected piece, and touching
///          cells have no background between them
/// Returns  the same bytes for the same (seed, size, slice); size >= 1 pixels, slice >= 0
SynthSlice synth_cells(uint64_t seed, int size, int slice);

}  // namespace unet
