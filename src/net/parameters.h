// The weights of a network, in the layout its kernels read.
#pragma once
#include "src/net/architecture.h"
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace unet {

/// All filters and biases in one flat buffer, 64-byte aligned, channels padded to whole vectors; the padding stays 0.
/// The same type holds gradients and momenta.
class Parameters {
public:
    explicit Parameters(const Architecture &architecture);

    const Architecture &architecture() const { return architecture_; }
    float *data() { return values_.get(); }
    const float *data() const { return values_.get(); }
    size_t size() const { return size_; }  ///< floats, padding included

    /// One tensor as PyTorch names and shapes it.
    struct Tensor {
        std::string name;        ///< "encoder.0.conv1.weight"
        std::vector<int> shape;  ///< [out, in, 3, 3], [in, out, 2, 2] for up-convolutions, [out] for a bias
    };
    /// In the order of the network.
    const std::vector<Tensor> &tensors() const;

    /// Copies a tensor out of or into PyTorch's order; `values` has the product of the shape as its size.
    std::vector<float> get(const std::string &name) const;
    void set(const std::string &name, const std::vector<float> &values);

private:
    Architecture architecture_;
    size_t size_ = 0;
    std::unique_ptr<float[], void (*)(void *)> values_{nullptr, nullptr};
    friend class UNet;
};

/// He et al. 2015: normal with standard deviation sqrt(2 / fan-in); biases 0 (Ronneberger et al. 2015, section 3).
void he_initialise(Parameters &parameters, uint64_t seed);

/// PyTorch's SGD: momentum = mu * momentum + gradient; parameters -= learning_rate * momentum.
void sgd_step(Parameters &parameters, Parameters &momentum, const Parameters &gradient, float learning_rate, float mu);

/// sum += gradient: one sample more of a batch, in sample order.
void accumulate(Parameters &sum, const Parameters &gradient);

}  // namespace unet
