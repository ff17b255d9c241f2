#include "src/net/geometry.h"
#include "src/base/error.h"
#include "src/net/conv3x3.h"
#include "src/net/layout.h"
#include "src/net/pool2x2.h"
#include "src/net/up_conv2x2.h"
#include <algorithm>
#include <string>
#include <vector>

namespace unet {

namespace {

int two_convolutions(int size) { return Conv3x3::output_size(Conv3x3::output_size(size)); }

void check_range(const char *name, int value, int low, int high) {
    if (value < low || value > high)
        throw Error(Exit::usage, std::string(name) + " " + std::to_string(value) + ": must be " + std::to_string(low) +
                                     " to " + std::to_string(high));
}

}  // namespace

int output_size(const Architecture &architecture, int input) {
    int size = input;
    for (int level = 0; level < architecture.depth; level++) {
        size = two_convolutions(size);
        if (size <= 0 || size % 2) return 0;
        size = Pool2x2::output_size(size);
    }
    size = two_convolutions(size);
    for (int level = 0; level < architecture.depth; level++) {
        if (size <= 0) return 0;
        size = two_convolutions(UpConv2x2::output_size(size));
    }
    return size > 0 ? size : 0;
}

Size output_size(const Architecture &architecture, Size input) {
    const Size output{output_size(architecture, input.width), output_size(architecture, input.height)};
    return output.width && output.height ? output : Size{};
}

void check(const Architecture &architecture) {
    check_range("depth", architecture.depth, 0, largest_depth);
    check_range("width", architecture.width, 1, largest_width);
    check_range("channels", architecture.channels, 1, largest_channels);
    check_range("classes", architecture.classes, 2, largest_classes);
}

namespace {

// What of its input a 3x3 convolution needs; false when a Winograd tile that counts reaches beyond it.
bool grow(int &counts, int valid_input, int tile) {
    counts = round_up(counts, tile ? tile : 1) + 2;
    return counts <= valid_input;
}

// Do all Winograd tiles on which `write` output pixels depend, from the tile's origin on, lie inside the valid windows?
bool keeps_tiles_whole(const Architecture &a, int input, int write) {
    std::vector<int> encoder_out(a.depth);  // valid sides
    int size = input;
    for (int &out : encoder_out) {
        out = two_convolutions(size);
        size = Pool2x2::output_size(out);
    }
    const int bottom_in = size;
    std::vector<int> up(a.depth);
    size = two_convolutions(bottom_in);
    for (int level = a.depth - 1; level >= 0; level--) {
        up[level] = UpConv2x2::output_size(size);
        size = two_convolutions(up[level]);
    }

    const ParameterLayout layout(a);
    bool whole = true;
    const auto through = [&](const std::string &block, int &counts, int valid_input) {
        whole &= grow(counts, Conv3x3::output_size(valid_input), layout[block + ".conv2"].winograd);
        whole &= grow(counts, valid_input, layout[block + ".conv1"].winograd);
    };
    int counts = write;
    std::vector<int> skip(a.depth);  // how many pixels of the encoder's output count for the skip connection
    for (int level = 0; level < a.depth; level++) {
        through("decoder." + std::to_string(level), counts, up[level]);
        skip[level] = (encoder_out[level] - up[level]) / 2 + counts;
        counts = (counts + 1) / 2;
    }
    through("bottom", counts, bottom_in);
    for (int level = a.depth - 1; level >= 0; level--) {
        counts = std::max(2 * counts, skip[level]);
        through("encoder." + std::to_string(level), counts, level ? encoder_out[level - 1] / 2 : input);
    }
    return whole;
}

}  // namespace

TileGeometry geometry(const Architecture &architecture) {
    check(architecture);
    int input = 1;
    while (output_size(architecture, input) == 0) input++;
    const int margin = (input - output_size(architecture, input)) / 2;
    // Pooling windows (2^depth) and Winograd tiles (4 or 6 pixels at every level) fall alike in all tiles on this grid.
    const int step = 1 << architecture.depth;
    // One cell decides for all: another adds whole Winograd tiles at every level.
    TileGeometry result{.margin = margin, .pitch = 12 * step, .step = step, .smallest_input = input};
    while (!keeps_tiles_whole(architecture, int(result.input_for(result.pitch)), result.pitch)) result.surplus++;
    return result;
}

}  // namespace unet
