#include "pipeline/work.h"

namespace unet {

namespace {

struct Walk {
    int size;
    double total = 0;

    void conv3x3(int in, int out) {
        size -= 2;
        total += 9.0 * in * out * size * size;
    }
    void up_conv2x2(int in, int out) {
        size *= 2;
        total += 1.0 * in * out * size * size;
    }
};

}  // namespace

double multiply_adds(const Architecture &architecture, int input) {
    Walk walk{input};
    int channels = architecture.channels;
    for (int level = 0; level <= architecture.depth; level++) {
        if (level > 0) walk.size /= 2;
        const int wide = architecture.level_channels(level);
        walk.conv3x3(channels, wide);
        walk.conv3x3(wide, wide);
        channels = wide;
    }
    for (int level = architecture.depth - 1; level >= 0; level--) {
        const int wide = architecture.level_channels(level);
        walk.up_conv2x2(2 * wide, wide);
        walk.conv3x3(2 * wide, wide);
        walk.conv3x3(wide, wide);
    }
    return walk.total + 1.0 * architecture.width * architecture.classes * walk.size * walk.size;
}

}  // namespace unet
