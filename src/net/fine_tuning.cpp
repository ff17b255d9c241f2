#include "src/net/fine_tuning.h"
#include <algorithm>

namespace unet {

std::vector<std::string> copy_fitting(const Parameters &from, Parameters &to) {
    const std::vector<TensorShape> known = from.tensors();
    std::vector<std::string> others;
    for (const TensorShape &tensor : to.tensors())
        if (std::find(known.begin(), known.end(), tensor) != known.end()) to.set(tensor.name, from.get(tensor.name));
        else others.push_back(tensor.name);
    return others;
}

size_t encoder_floats(const ParameterLayout &layout) { return layout["bottom.conv1"].filter[0]; }

}  // namespace unet
