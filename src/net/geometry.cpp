#include "src/net/geometry.h"
#include "src/base/error.h"
#include "src/net/conv3x3.h"
#include "src/net/pool2x2.h"
#include "src/net/up_conv2x2.h"
#include <string>

namespace unet {

namespace {

int two_convolutions(int size) { return Conv3x3::output_size(Conv3x3::output_size(size)); }

void check_range(const char *name, int value, int low, int high) {
    if (value < low || value > high)
        throw Error(Exit::usage, std::string(name) + " " + std::to_string(value) + ": must be " + std::to_string(low) + " to " +
                                     std::to_string(high));
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

void check(const Architecture &architecture) {
    check_range("depth", architecture.depth, 0, largest_depth);
    check_range("width", architecture.width, 1, largest_width);
    check_range("channels", architecture.channels, 1, largest_channels);
    check_range("classes", architecture.classes, 2, largest_classes);
}

TileGeometry geometry(const Architecture &architecture) {
    check(architecture);
    int input = 1;
    while (output_size(architecture, input) == 0) input++;
    const int margin = (input - output_size(architecture, input)) / 2;
    // Pooling windows (2^depth) and Winograd tiles (4 pixels at every level) fall alike in all tiles on this grid.
    const int step = 1 << architecture.depth;
    return {.margin = margin, .pitch = 4 * step, .step = step, .smallest_input = input};
}

}  // namespace unet
