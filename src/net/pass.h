// A pass through a network as a list of steps.
#pragma once
#include "src/base/float_buffer.h"
#include "src/net/tensor.h"
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace unet {

/// Time one layer took in the last pass.
struct LayerTime {
    std::string name;  ///< "encoder.0.conv1"; with " backward" behind it on the way back
    double seconds = 0;
    double multiply_adds = 0;  ///< of the definition, channels as asked for; 0 where there are none
    size_t bytes = 0;          ///< moved: activations and filters, read and written, each once
};

/// The work of one layer.
struct Step {
    std::string name;
    double multiply_adds = 0;
    std::vector<Tensor *> reads, writes;
    std::function<void()> run;
    size_t other_bytes = 0;   ///< read and written: filters, and what lies outside the pass
    size_t unread_bytes = 0;  ///< of `reads`: what a crop leaves out
};

/// Steps in the order they run. Their tensors share one block of memory: each lies there from the first step that
/// writes it to the last that uses it.
class Pass {
public:
    void clear() { steps_.clear(); }
    void add(Step step) { steps_.push_back(std::move(step)); }

    /// Places the tensors of all steps, in memory that grows if need be. Throws std::bad_alloc.
    void place();
    void run();

    size_t bytes() const { return memory_ ? memory_->size() * sizeof(float) : 0; }
    const std::vector<LayerTime> &times() const { return times_; }  ///< of the last run

private:
    std::vector<Step> steps_;
    std::unique_ptr<FloatBuffer> memory_;
    std::vector<LayerTime> times_;
};

}  // namespace unet
