// Words in pictures, in a built-in font of 5 x 7 dots.
#pragma once
#include "src/base/array.h"
#include <string>

namespace unet {

struct Colour {
    uint8_t red = 0, green = 0, blue = 0;
    bool operator==(const Colour &) const = default;
};

constexpr int letter_height = 7;  ///< dots; letters like g reach two dots below
constexpr int letter_step = 6;    ///< dots from one letter to the next

/// Width in pixels of `text` whose dots are `scale` pixels wide.
int text_width(const std::string &text, int scale);

/// Draws `text` into an RGB picture with its upper left corner at (x, y); what lies outside is cut off. A character
/// that the font lacks is an empty box.
void draw_text(Array<uint8_t> &picture, int x, int y, const std::string &text, int scale, Colour colour);

/// Fills the part of [x, x + width) x [y, y + height) that lies in an RGB picture.
void fill_rectangle(Array<uint8_t> &picture, int x, int y, int width, int height, Colour colour);

}  // namespace unet
