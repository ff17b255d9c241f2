// Models and model files for tests.
#pragma once
#include "src/base/random.h"
#include "src/net/model.h"
#include <fstream>
#include <iterator>

namespace unet::test {

/// Every weight a normal random number; `seed` decides them.
inline Model random_model(const Architecture &architecture, uint64_t seed) {
    Model model(Parameters(architecture), {.normalisation = {}, .class_names = {}, .provenance = {{"steps", "7"}}});
    Random random(seed, 0);
    for (const TensorShape &tensor : model.parameters.tensors()) {
        std::vector<float> values = model.parameters.get(tensor.name);
        for (float &value : values) value = float(random.normal());
        model.parameters.set(tensor.name, values);
    }
    for (int k = 0; k < architecture.channels; k++) {
        model.normalisation.low.push_back(0.1f * k);
        model.normalisation.high.push_back(0.1f * k + 1 / 3.f);
    }
    for (int c = 0; c < architecture.classes; c++) model.class_names.push_back("class " + std::to_string(c));
    return model;
}

inline std::string bytes_of_file(const std::filesystem::path &path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_bytes(const std::filesystem::path &path, const std::string &bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

/// Length of a safetensors header and the header's text.
inline std::string with_length(const std::string &header) {
    const uint64_t length = header.size();
    return std::string(reinterpret_cast<const char *>(&length), sizeof length) + header;
}

}  // namespace unet::test
