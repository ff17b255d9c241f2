// Pictures of results: input, truth, prediction and where they differ, side by side.
#pragma once
#include "src/base/array.h"
#include "src/report/lettering.h"
#include <string>
#include <vector>

namespace unet {

/// Gray values as RGB: percentiles 0.5 and 99.5 of each channel become black and white. One or two channels show the
/// first in gray, three or more the first three as red, green and blue.
Array<uint8_t> show_image(const Pixels &image);

/// The colour of a class in a map of `classes`: black and white for two, for more a palette that the colour-blind can
/// read (Okabe, Ito 2008), repeated after eight; `ignored` is gray.
Colour class_colour(uint8_t value, int classes);

/// A class map [1, W, H] in those colours.
Array<uint8_t> show_classes(const Classes &map, int classes);

/// Where a prediction differs from the truth. Pale: both agree. With two classes, orange: class 0 missed; blue: class 0
/// too much. With more, orange: wrong. Pixels that the truth ignores are gray.
Array<uint8_t> show_difference(const Classes &truth, const Classes &prediction, int classes);

/// Weights [1, W, H], none below 0, in colours from black over purple and orange to pale yellow; 0 is black, the
/// largest one pale yellow.
Array<uint8_t> show_weights(const Pixels &weights);

struct LegendEntry {
    Colour colour;
    std::string text;
};

/// One part of a picture.
struct Panel {
    std::string caption;                   ///< small letters, digits and . , - : %
    Array<uint8_t> rgb;                    ///< [3, W, H]
    std::vector<LegendEntry> legend = {};  ///< beside the caption, left out where the panel is too narrow
};

/// `weights` with their range in the caption.
Panel weights_panel(const Pixels &weights);

/// Panels of equal size in a row on white, captions above. Panels below 256 px (the longer side) are enlarged by a
/// whole factor.
Array<uint8_t> panel_row(const std::vector<Panel> &panels);

/// Pictures of equal width, one below the other.
Array<uint8_t> stacked(const std::vector<Array<uint8_t>> &pictures);

/// What a network saw, should have said and said. All of one size; what is empty is left out.
struct Comparison {
    Pixels image;  ///< [channels, W, H]
    Classes truth;
    Pixels weights;      ///< of the loss
    Classes prediction;  ///< like truth and weights [1, W, H]
};

/// "input", "truth", "weights", "prediction", "difference", as far as they are there. Throws Error(data) when their
/// sizes differ.
std::vector<Panel> comparison_panels(const Comparison &shown, int classes);

/// The same as one picture.
Array<uint8_t> side_by_side(const Comparison &shown, int classes);

}  // namespace unet
