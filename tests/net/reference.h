// What PyTorch says of the small networks in tests/data/net. tools/make_reference.py explains the tensors.
#pragma once
#include "src/base/array.h"
#include "src/net/model.h"
#include "src/net/safetensors.h"
#include <string>
#include <vector>

namespace unet::test {

struct ReferenceSample {
    Pixels image;
    Classes labels;
    Pixels weights;
};

class Reference {
public:
    explicit Reference(const std::string &name)
        : model(load_model("tests/data/net/" + name + ".model.safetensors")),
          file_("tests/data/net/" + name + ".reference.safetensors") {}

    Model model;  ///< the starting weights

    std::vector<float> tensor(const std::string &name) { return file_.read(name); }
    float setting(const std::string &name) const { return std::stof(file_.metadata().at(name)); }

    /// Sample 0, 1 or 2. The tensors lie as arrays do: rows from top to bottom, channels innermost.
    ReferenceSample sample(int index) {
        const std::string prefix = "sample." + std::to_string(index) + ".";
        return {array<float>(prefix + "image"), array<uint8_t>(prefix + "labels"), array<float>(prefix + "weights")};
    }

private:
    template<class T>
    Array<T> array(const std::string &name) {
        const std::vector<int> &shape = file_.find(name)->shape;  // [height, width] or [height, width, channels]
        Array<T> array(shape.size() == 3 ? shape[2] : 1, shape[1], shape[0]);
        const std::vector<float> values = file_.read(name);
        array.values.assign(values.begin(), values.end());
        return array;
    }

    SafetensorsReader file_;
};

}  // namespace unet::test
