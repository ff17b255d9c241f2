// Objects out of a network's answer, one slice at a time.
#pragma once
#include "src/base/array.h"

namespace unet {

enum class InstanceMethod { components, watershed, shape };

struct InstanceOptions {
    InstanceMethod method = InstanceMethod::components;
    double threshold = 0.5;     ///< pixels above it are foreground
    double seed = 0.9;          ///< watershed: an object begins where pixels are above it
    double smoothing = 2;       ///< shape: of the distance to the outside, pixels
    int grow = 0;               ///< pixels that objects are grown by at last
    uint64_t smallest = 1;      ///< pixels; smaller objects are left out, and smaller beginnings are none
    int field_of_interest = 0;  ///< pixels; objects wholly nearer to the page's edge are left out
};

/// Objects [1, W, H] of `foreground` [1, W, H], the probability of each pixel to be one: numbered from 1 in the order
/// of their first pixels, 0 elsewhere.
///
///   components   the 4-connected pieces above `threshold`
///   watershed    the 4-connected pieces above `seed`, and those above `threshold` without a seed, grown over the
///                rest of the foreground, the likeliest pixels first; objects that meet touch. Specks of certainty
///                smaller than `smallest` part nothing.
///   shape        parted_by_shape
///
/// `field_of_interest` leaves out what truths of the Cell Tracking Challenge leave out.
///
/// Source   Vincent, Soille 1991; Meyer 1991 (flooding from markers)
Ids instances(const Pixels &foreground, const InstanceOptions &options);

}  // namespace unet
