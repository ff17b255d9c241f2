// Time per layer of a pass.
#pragma once
#include "src/net/layout.h"
#include "src/net/unet.h"
#include <chrono>

namespace unet {

/// Collects what each layer of a pass took. A clock call costs 30 ns; the smallest layer runs for tens of microseconds.
class Stopwatch {
public:
    explicit Stopwatch(const ParameterLayout &layout) : layout_(layout) {}

    void restart() { times_.clear(); }
    const std::vector<LayerTime> &times() const { return times_; }

    /// Runs `layer`, whose multiply-adds are its filter's size times `pixels` squared: output pixels, or input pixels of an
    /// up-convolution.
    template<class Layer>
    void time(const std::string &name, int pixels, const Layer &layer) {
        measure(name, pixels ? multiply_adds(name, pixels) : 0, layer);
    }

    /// The same on the way back: the filter's gradient, and the input's where `to_input`.
    template<class Layer>
    void time_backward(const std::string &name, int pixels, bool to_input, const Layer &layer) {
        measure(name + " backward", multiply_adds(name, pixels) * (to_input ? 2 : 1), layer);
    }

private:
    double multiply_adds(const std::string &name, int pixels) const;

    template<class Layer>
    void measure(const std::string &name, double multiply_adds, const Layer &layer) {
        const auto start = std::chrono::steady_clock::now();
        layer();
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        times_.push_back({name, seconds.count(), multiply_adds});
    }

    ParameterLayout layout_;
    std::vector<LayerTime> times_;
};

}  // namespace unet
