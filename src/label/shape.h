// Objects parted where their outline narrows.
#pragma once
#include "src/base/array.h"

namespace unet {

/// Objects [1, W, H] of the pixels of `foreground` [1, W, H] above `threshold`, holes filled: convex ones, like nuclei,
/// that touch. The distance to the nearest pixel outside, smoothed by a Gaussian of `smoothing` pixels standard
/// deviation, is flooded from its peaks down. A peak that rises less than a pixel, or less than a fifth of its height,
/// above the saddle where it meets a higher one is part of that one. Numbers are positive, 0 elsewhere; an object's
/// pixels meet by sides.
///
/// Source   Vincent, Soille 1991; peaks by their dynamics: Grimaud 1992
Ids parted_by_shape(const Pixels &foreground, double threshold, double smoothing);

}  // namespace unet
