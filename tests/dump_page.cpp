// Writes the pixels of all pages of a stack to stdout, as raw 32-bit floats: for comparisons by other programs. With
// --slices, pages that are channels of one slice side by side.
#include "src/base/error.h"
#include "src/stack/image_stack.h"
#include <algorithm>
#include <cstdio>
#include <cstring>

namespace {

template<class Stack>
void dump(const Stack &stack) {
    const unet::StackShape &shape = stack.shape();
    std::fprintf(stderr, "%d %d %d %d %s\n", shape.pages, shape.height, shape.width, shape.samples,
                 unet::sample_type_name(shape.type));
    for (int page = 0; page < shape.pages; page++)
        for (int y = 0; y < shape.height; y += 256) {
            const unet::Rect rows{0, y, shape.width, std::min(256, shape.height - y)};
            const unet::Pixels pixels = stack.read(page, rows);
            std::fwrite(pixels.values.data(), sizeof(float), pixels.values.size(), stdout);
        }
}

}  // namespace

int main(int count, char **arguments) {
    try {
        const bool slices = count > 1 && std::strcmp(arguments[1], "--slices") == 0;
        const std::vector<std::filesystem::path> files(arguments + 1 + slices, arguments + count);
        if (slices) dump(unet::ImageStack(files));
        else dump(unet::StackReader(files));
        return 0;
    } catch (const unet::Error &error) {
        std::fprintf(stderr, "%s\n", error.what());
        return int(error.code);
    }
}
