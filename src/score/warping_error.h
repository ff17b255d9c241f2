// Splits and mergers that no small shift of a border explains.
#pragma once
#include "src/base/array.h"

namespace unet {

/// The share of a slice's judged pixels by which a proposal parts or joins objects that the truth does not.
///
/// The truth is warped towards the proposal: pixel after pixel that differs is flipped as long as that leaves all
/// objects (4-connected) and holes (8-connected) what they are; those first that lie farthest from the threshold, ties
/// in reading order, again and again until none is left. Of the pixels that still differ those count whose flipping
/// would join objects or part one.
///
/// Shapes   truth [1, W, H]: ids, 0 between them; touching objects are parted where they meet. inside [1, W, H]: an
/// object
///          of the proposal where above `threshold`. counted [1, W, H]: 0 where nothing is judged; empty: all is.
/// Source   Jain et al. 2010, section 2.2; splits and mergers alone, as the ISBI 2012 challenge scores it
double warping_error(const Ids &truth, const Pixels &inside, double threshold, const Classes &counted = {});

}  // namespace unet
