// Seeded networks and samples for the tests of the network as a whole.
#pragma once
#include "src/base/random.h"
#include "src/net/unet.h"

namespace unet::test {

/// He weights, and biases that are not 0, so that every path is active.
inline Parameters seeded_parameters(const Architecture &architecture, uint64_t seed) {
    Parameters parameters(architecture);
    he_initialise(parameters, seed);
    Random random(seed, 1000);
    for (const Parameters::Tensor &tensor : parameters.tensors()) {
        if (tensor.shape.size() > 1) continue;
        std::vector<float> values(tensor.count());
        for (float &value : values) value = float(random.uniform(-0.1, 0.1));
        parameters.set(tensor.name, values);
    }
    return parameters;
}

inline Pixels seeded_image(int channels, Size size, uint64_t seed) {
    Random random(seed, 1);
    Pixels image(channels, size.width, size.height);
    for (float &value : image.values) value = float(random.uniform(-0.5, 1.5));
    return image;
}

/// A part of `image`.
inline Pixels window(const Pixels &image, Rect part) {
    Pixels window(image.channels, part.width, part.height);
    for (int row = 0; row < part.height; row++)
        std::copy_n(&image(0, part.x, part.y + row), size_t(part.width) * image.channels, window.row(row));
    return window;
}

struct LabelledSample {
    Pixels image;
    Classes labels;
    Pixels weights;
};

/// Labels of all classes and some ignored pixels, weights from 0 to 2.
inline LabelledSample seeded_sample(const Architecture &architecture, int input, uint64_t seed) {
    const int output = output_size(architecture, input);
    LabelledSample sample{seeded_image(architecture.channels, square(input), seed), Classes(1, output, output),
                          Pixels(1, output, output)};
    Random random(seed, 2);
    for (uint8_t &label : sample.labels.values)
        label = random.below(20) == 0 ? ignored : uint8_t(random.below(architecture.classes));
    for (float &weight : sample.weights.values) weight = float(random.uniform(0, 2));
    return sample;
}

}  // namespace unet::test
