// The weights of a network, in the layout its kernels read.
#pragma once
#include "src/base/float_buffer.h"
#include "src/kernels/device_memory.h"
#include "src/net/architecture.h"
#include "src/net/layout.h"
#include <functional>
#include <memory>

namespace unet {

/// All filters and biases in one flat buffer, channels padded to whole blocks; the padding stays 0.
/// The same type holds gradients and momenta.
class Parameters {
public:
    explicit Parameters(const Architecture &architecture);  ///< all 0
    Parameters(const Parameters &other);
    Parameters &operator=(const Parameters &other);
    Parameters(Parameters &&) noexcept = default;
    Parameters &operator=(Parameters &&) noexcept = default;

    const Architecture &architecture() const { return architecture_; }
    const ParameterLayout &layout() const { return *layout_; }
    float *data() { return values_.data(); }
    const float *data() const { return values_.data(); }
    size_t size() const { return layout_->size; }  ///< floats, padding included

    using Tensor = TensorShape;
    /// In the order of the network.
    std::vector<Tensor> tensors() const { return layout_->tensors(); }

    /// Copies a tensor out of or into PyTorch's order. Throws Error(internal) for an unknown name or a wrong size.
    std::vector<float> get(const std::string &name) const;
    /// The same of `count` entries of its first axis, from `first` on: a tensor of width 64 has 38 MB.
    std::vector<float> get(const std::string &name, int first, int count) const;
    void set(const std::string &name, const std::vector<float> &values);

    /// From now on the values that count are in the memory of the device that kernels run on, and begin as those here.
    /// Those here are older until `to_host`, and nothing to the device until `to_device`. With kernels of a CPU all
    /// three do nothing. Throw Error(usage) when the device has too little memory, Error(internal).
    void keep_on_device();
    void to_device() const;
    void to_host() const;

private:
    Architecture architecture_;
    std::shared_ptr<const ParameterLayout> layout_;
    FloatBuffer values_;
    std::shared_ptr<const DeviceMemory> on_device_;  // in the place of values_; null: these count

    TensorShape tensor(const std::string &name) const;
    void for_each(const std::string &name, int first, int count,
                  const std::function<void(size_t torch, size_t own)> &visit) const;
};

/// He et al. 2015: normal with standard deviation sqrt(2 / fan-in); biases 0 (Ronneberger et al. 2015, section 3).
/// Depends on `seed` and each tensor's name and shape only.
void he_initialise(Parameters &parameters, uint64_t seed);

/// All 0, wherever they count.
void clear(Parameters &values);

/// sum += gradient: one sample more of a batch, in sample order.
void accumulate(Parameters &sum, const Parameters &gradient);

}  // namespace unet
