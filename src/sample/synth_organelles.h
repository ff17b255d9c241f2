// What lies inside the cells of an electron micrograph and is no wall: the distractors of synth_membranes.
#pragma once
#include "src/sample/synth_tessellation.h"

namespace unet {

/// The cells of one plane, and how dark each pixel of it is.
struct Micrograph {
    uint64_t seed;
    int slice;
    float z;  ///< pixels
    const Sites &sites;
    const Bending &warp;
    const Tessellation &cells;
    Pixels gray;  ///< [1, size, size], 0 black .. 255 white
};

/// Dark ellipsoids with two outer membranes and light cristae, kept inside the cell that holds their centre.
void draw_mitochondria(Micrograph &page);

/// Rings of 6 to 10 px, some with a dark core, crowded in some cells; and small dark dots everywhere (ribosomes,
/// microtubules).
void draw_vesicles(Micrograph &page);

/// Thin curved double lines: endoplasmic reticulum.
void draw_reticulum(Micrograph &page);

}  // namespace unet
