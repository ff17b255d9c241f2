// Names and shapes of tensors, as PyTorch has them.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace unet {

struct TensorShape {
    std::string name;        ///< "encoder.0.conv1.weight"
    std::vector<int> shape;  ///< [out, in, 3, 3], [in, out, 2, 2] for up-convolutions, [out] for a bias

    /// Product of the shape.
    size_t count() const {
        size_t count = 1;
        for (const int side : shape) count *= size_t(side);
        return count;
    }
    bool operator==(const TensorShape &) const = default;
};

}  // namespace unet
