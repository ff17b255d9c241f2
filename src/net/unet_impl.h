// The inside of a UNet: its layers, their tensors, and the steps of a pass. unet_forward.cpp and unet_backward.cpp add
// these.
#pragma once
#include "src/net/levels.h"
#include "src/net/unet.h"

namespace unet {

inline std::string decoder_name(int level) { return "decoder." + std::to_string(level); }

/// How `layer` computes rows of `out`.
template<class Layer>
RowUse rows_of(const Layer &layer, const Tensor &out) {
    return {out.size().height, layer.row_unit(), Layer::input_rows};
}

struct UNet::Impl {
    /// What one call of `segment` or `train` works on.
    struct Call {
        const PreparedWeights *prepared = nullptr;
        PreparedWeights *by_layer = nullptr;  // the same, in training
        const Pixels *image = nullptr;
        const Classes *labels = nullptr;
        const Pixels *weights = nullptr;
        Dropout dropout;
        bool probabilities = true;  // or scores
        Pixels *result = nullptr;
        Parameters *gradient = nullptr;
        LossOptions loss_options = {};
        std::function<void()> layer_done = {};
        double loss = 0;
    };

    Architecture architecture;
    Use use;
    size_t strip_bytes;
    ParameterLayout layout;
    std::vector<Block> encoder;
    Block bottom;
    std::vector<UpBlock> decoder;
    Pool2x2 pool;
    Conv1x1 head;

    Size input;
    NetTensors values, gradients, again;  // `again`: what is computed a second time
    Pass pass;
    std::vector<std::string> gradient_order;
    Call call;

    Impl(const Architecture &a, Use use, size_t strip_bytes)
        : architecture(a), use(use), strip_bytes(strip_bytes), layout(a), bottom(layout, "bottom"), pool(a.pooling),
          head(layout["head"]) {
        for (int level = 0; level < a.depth; level++) {
            encoder.emplace_back(layout, "encoder." + std::to_string(level));
            decoder.emplace_back(layout, "decoder." + std::to_string(level));
        }
    }

    /// Makes the pass for inputs of this size, unless it is there already.
    void fit(Size size);
    void plan(Size size);  // takes no memory for it
    bool recomputes() const { return use == Use::frugal_training; }
    void run(const Call &of) {
        call = of;
        pass.run();
    }
    /// Probabilities or scores.
    Pixels segment(const PreparedWeights &prepared, const Pixels &image, bool probabilities);

    void add_forward();
    void add_block(const std::string &name, const Block &block, BlockTensors &t);
    Step conv1_step(const std::string &name, const Block &block, Tensor &in, Tensor &mid);
    void add_conv2(const std::string &block, const Conv3x3 &conv2, Tensor &mid, Tensor &out);
    void add_up_block(int level);
    Step up_step(int level, Tensor &up);
    Step pair_step(int level, Tensor &up, Tensor &mid);
    void add_output();
    void add_loss();
    void add_backward();
    void add_block_backward(const std::string &name, const Block &block, BlockTensors &t, BlockTensors &d,
                            BlockTensors &again, bool to_input);
    void add_conv2_backward(const std::string &block, const Conv3x3 &conv2, Tensor &mid, Tensor &d_out, Tensor &d_mid);
    void add_up_block_backward(int level);
    /// A step of the layer of its name, with the multiply-adds over `pixels`: of its output, or its input for an
    /// up-convolution.
    void add(Step step, Size pixels) {
        const DenseLayout &layer = layout[step.name];
        step.multiply_adds = layer.multiply_adds(pixels);
        step.other_bytes += layer.forward_filter_size() * sizeof(float);
        transform_before(step, layer);
        pass.add(std::move(step));
    }
    /// In training the layer's filter is transformed before the step.
    void transform_before(Step &step, const DenseLayout &layer) {
        if (use == Use::inference || !layer.transformed_size()) return;
        step.filter_bytes = layer.transformed_size() * sizeof(float);
        step.prepare = [&](float *memory) { call.by_layer->transform(layer, memory); };
    }
    /// A step of the way there once more, for the way back.
    void add_again(Step step) {
        step.other_bytes += layout[step.name].forward_filter_size() * sizeof(float);
        transform_before(step, layout[step.name]);
        step.name += " again";
        pass.add(std::move(step));
    }
    /// The same on the way back: the filter's gradient, and the input's where something is written.
    void add_gradient(Step step, Size pixels) {
        const DenseLayout &layer = layout[step.name];
        const bool to_inputs = !step.writes.empty();
        gradient_order.push_back(step.name);
        step.name += " backward";
        step.run = [this, height = step.rows.height, run = std::move(step.run)](Rows rows) {
            run(rows);
            if (rows.end == height && call.layer_done) call.layer_done();
        };
        step.multiply_adds = layer.multiply_adds(pixels) * (to_inputs ? 2 : 1);
        step.other_bytes += layer.backward_filter_size(to_inputs) * sizeof(float);
        if (to_inputs && layer.turned_size()) {
            step.filter_bytes = layer.turned_size() * sizeof(float);
            step.prepare = [&](float *memory) { call.by_layer->turn(layer, memory); };
        }
        pass.add(std::move(step));
    }

    void read_image();
};

}  // namespace unet
