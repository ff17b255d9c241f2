// Are these labels two values, classes or instances?
#pragma once
#include "src/sample/labels.h"

namespace unet {

/// What the numbers say about the objects: all values but 0.
struct ObjectFacts {
    uint64_t values = 0;           ///< different values
    double whole_share = 0;        ///< of (value, window) pairs, those in one piece
    double recurrence = 0;         ///< mean share of the windows that a value occurs in
    double rare_piece_pixels = 0;  ///< mean size of a piece, but for the two most frequent of all values
};

ObjectFacts object_facts(const LabelHistogram &histogram);

/// Two values, or one: binary. Else the pieces tell: an id is mostly one piece in a window, a class is many. Where
/// values are few and whole, they are classes if the same ones occur in nearly every window (as organs do), else
/// instances. Throws Error(data), beginning with `name`, when many values are scattered in specks: gray values, or
/// labels that were resized with interpolation.
LabelKind guess_kind(const LabelHistogram &histogram, const std::string &name);

}  // namespace unet
