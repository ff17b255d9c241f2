// A pass through a network as a list of steps.
#pragma once
#include "src/base/float_buffer.h"
#include "src/kernels/device_memory.h"
#include "src/net/arena.h"
#include "src/net/strips.h"
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
    std::string name = {};
    double multiply_adds = 0;
    std::vector<Tensor *> reads = {}, writes = {};
    std::function<void(Rows)> run = {};  ///< the rows of its output to compute
    RowUse rows = {};
    bool follows = false;      ///< reads what the step before it writes, and is computed in strips together with it if
                               ///< that has rows
    bool on_host = false;      ///< writes memory of the host whatever kernels run on
    size_t other_bytes = 0;    ///< read and written: filters, and what lies outside the pass
    size_t unread_bytes = 0;   ///< of `reads`: what a crop leaves out
    size_t scratch_bytes = 0;  ///< of its kernels' large temporaries
    size_t filter_bytes = 0;   ///< of what `prepare` makes
    /// Called once before the step, or the strips it is in, with memory that stays as it is until their end.
    std::function<void(float *)> prepare = {};
};

/// Steps in the order they run; those that follow one another in strips of rows. Their tensors share one block of
/// memory: each lies there from the first step that writes it to the last that uses it, and only as many rows of it as
/// are in use at a time. With kernels of a device it lies there, and steps compute all rows at once.
class Pass {
public:
    void clear() { steps_.clear(); }
    void add(Step step) { steps_.push_back(std::move(step)); }

    /// Cuts large chains into strips of about `strip_bytes` and decides where tensors lie. Takes no memory.
    void plan(size_t strip_bytes);
    size_t planned_bytes() const { return layout_.bytes; }
    double multiply_adds() const;  ///< of all steps
    /// Places the tensors of all steps as planned, in memory that grows if need be. Throws std::bad_alloc.
    void place();
    void release() { on_device_.reset(), memory_.reset(); }  ///< gives the memory back; `place` takes it again
    void run();
    void wait_for_steps(bool wait) { waits_ = wait; }  ///< on a device, so that times are those of steps

    size_t bytes() const { return memory_ ? memory_->size() * sizeof(float) : 0; }
    const std::vector<LayerTime> &times() const { return times_; }  ///< of the last run

private:
    /// Steps [begin, end), computed in strips together: strips[s][i] are the rows of step begin + i.
    struct Chain {
        int begin, end;
        std::vector<std::vector<Rows>> strips;
        Rows rows(size_t strip, int step) const { return strips[strip][size_t(step - begin)]; }
    };
    struct Use {
        Tensor *tensor;     // or null:
        float **other;      // where another buffer's place is kept
        Lifetime lifetime;  // in chains
    };

    bool follows(int step) const;
    void cut_into_chains(size_t strip_bytes);
    bool is_passed_on(const Tensor *tensor, int step) const;  // written by this step and read by the next one, only
    void hold_few_rows(const Chain &chain);
    std::vector<Use> uses();  // in the order in which they begin
    void prepare(const Chain &chain);
    void run_strip(const Chain &chain, size_t strip, int step);
    void clear_surplus(const Step &step, const Tensor &tensor, Rows rows) const;
    int first_row_read(const Chain &chain, size_t strip, int step) const {
        return steps_[size_t(step)].rows.input(chain.rows(strip, step)).begin;
    }

    std::vector<Step> steps_;
    std::vector<Chain> chains_;
    std::vector<Use> uses_;
    ArenaLayout layout_;
    std::unique_ptr<FloatBuffer> memory_;
    std::shared_ptr<const DeviceMemory> on_device_;  // in the place of memory_, where kernels run on a device
    std::vector<float *> scratch_, filters_;         // of each step; null: none
    std::vector<LayerTime> times_;
    bool waits_ = false;
};

}  // namespace unet
