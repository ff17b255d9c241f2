// Small models and stacks for tests of the whole program.
#pragma once
#include "src/base/random.h"
#include "src/net/model.h"
#include "src/stack/image_stack.h"
#include "src/stack/stack_writer.h"
#include "tests/pipeline/run_program.h"

namespace unet::test {

/// Blobs of random gray values, so that neighbouring pixels are alike.
inline Array<uint8_t> texture(int width, int height, uint64_t seed, int channels = 1) {
    Array<uint8_t> image(channels, width, height);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            for (int k = 0; k < channels; k++) {
                Random coarse(seed, uint64_t(x / 7) << 32 | uint64_t(y / 7)),
                    fine(seed + 1, uint64_t(x) << 32 | uint64_t(y));
                image(k, x, y) = uint8_t(coarse.below(200) + fine.below(56));
            }
    return image;
}

inline void write_texture(const std::filesystem::path &path, int width, int height, int pages, uint64_t seed,
                          int channels = 1) {
    std::vector<Array<uint8_t>> stack;
    for (int page = 0; page < pages; page++) stack.push_back(texture(width, height, seed + 10 * page, channels));
    write_stack(path, stack);
}

/// Labels that a small network can learn from the texture: bright or dark.
inline void write_labels(const std::filesystem::path &path, int width, int height, int pages, uint64_t seed) {
    std::vector<Array<uint8_t>> stack;
    for (int page = 0; page < pages; page++) {
        stack.push_back(texture(width, height, seed + 10 * page));
        for (uint8_t &value : stack.back().values) value = value > 128 ? 255 : 0;
    }
    write_stack(path, stack);
}

/// Random weights; `grays` is what it takes for black and white.
inline void write_model(const std::filesystem::path &path, const Architecture &architecture,
                        std::pair<float, float> grays = {10, 240}, bool by_page = false) {
    Model model(Parameters(architecture), {});
    he_initialise(model.parameters, 3);
    model.normalisation.low.assign(architecture.channels, grays.first);
    model.normalisation.high.assign(architecture.channels, grays.second);
    model.normalisation.by_page = by_page;
    for (int c = 0; c < architecture.classes; c++) model.class_names.push_back("class " + std::to_string(c));
    save_model(path, model);
}

constexpr Architecture small_net{.channels = 1, .classes = 3, .width = 4, .depth = 2, .pooling = Pooling::max};

/// All pixels of a slice.
inline Pixels slice_of(const std::filesystem::path &path, int slice) {
    const ImageStack reader({path});
    return reader.read(slice, {0, 0, reader.shape().width, reader.shape().height});
}

}  // namespace unet::test
