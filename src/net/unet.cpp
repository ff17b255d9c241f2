#include "src/net/unet.h"
#include "src/base/error.h"
#include "src/kernels/kernels.h"
#include "src/net/levels.h"
#include <algorithm>
#include <fmt/format.h>

namespace unet {

namespace {

/// What one call of `segment` or `train` works on.
struct Call {
    const PreparedWeights *prepared = nullptr;
    const Pixels *image = nullptr;
    const Classes *labels = nullptr;
    const Pixels *weights = nullptr;
    Dropout dropout;
    bool probabilities = true;  // or scores
    Pixels *result = nullptr;
    Parameters *gradient = nullptr;
    double loss = 0;
};

}  // namespace

struct UNet::Impl {
    Architecture architecture;
    Use use;
    ParameterLayout layout;
    std::vector<Block> encoder;
    Block bottom;
    std::vector<UpBlock> decoder;
    Pool2x2 pool;
    Conv1x1 head;

    Size input;
    NetTensors values, gradients;
    Pass pass;
    Call call;

    Impl(const Architecture &a, Use use)
        : architecture(a), use(use), layout(a), bottom(layout, "bottom"), pool(a.pooling), head(layout["head"]) {
        for (int level = 0; level < a.depth; level++) {
            encoder.emplace_back(layout, "encoder." + std::to_string(level));
            decoder.emplace_back(layout, "decoder." + std::to_string(level));
        }
    }

    /// Makes the pass for inputs of this size, unless it is there already.
    void fit(Size size);
    void run(const Call &of) {
        call = of;
        pass.run();
    }
    /// Probabilities or scores.
    Pixels segment(const PreparedWeights &prepared, const Pixels &image, bool probabilities);

    void add_forward();
    void add_block(const std::string &name, const Block &block, BlockTensors &t);
    void add_up_block(int level);
    void add_output();
    void add_loss();
    void add_backward();
    void add_block_backward(const std::string &name, const Block &block, BlockTensors &t, BlockTensors &d,
                            bool to_input);
    void add_up_block_backward(int level);
    /// A step with the multiply-adds of layer `name` over `pixels`: of its output, or its input for an up-convolution.
    void add(const std::string &name, Size pixels, std::vector<Tensor *> reads, std::vector<Tensor *> writes,
             std::function<void()> run, size_t unread_bytes = 0) {
        const DenseLayout &layer = layout[name];
        pass.add({name, layer.multiply_adds(pixels), std::move(reads), std::move(writes), std::move(run),
                  layer.forward_filter_size() * sizeof(float), unread_bytes});
    }
    /// The same on the way back: the filter's gradient, and the input's where something is written.
    void add_gradient(const std::string &name, Size pixels, std::vector<Tensor *> reads, std::vector<Tensor *> writes,
                      std::function<void()> run, size_t unread_bytes = 0) {
        const DenseLayout &layer = layout[name];
        const bool to_inputs = !writes.empty();
        pass.add({name + " backward", layer.multiply_adds(pixels) * (to_inputs ? 2 : 1), std::move(reads),
                  std::move(writes), std::move(run), layer.backward_filter_size(to_inputs) * sizeof(float),
                  unread_bytes});
    }

    void read_image();
    void loss();
};

void UNet::Impl::fit(Size size) {
    if (size == input) return;
    if (unet::output_size(architecture, size) == Size{}) {
        const TileGeometry g = geometry(architecture);
        throw Error(Exit::usage, fmt::format("input size {} x {}: the network needs {} or more in steps of {}",
                                             size.width, size.height, g.smallest_input, g.step));
    }
    pass.clear();
    input = {};
    values = NetTensors(architecture, size);
    add_forward();
    if (use == Use::inference) add_output();
    else {
        gradients = NetTensors(architecture, size);
        add_loss();
        add_backward();
    }
    pass.place();
    input = size;
}

void UNet::Impl::add_forward() {
    Tensor &in = architecture.depth ? values.encoder[0].in : values.bottom.in;
    pass.add({"input", 0, {}, {&in}, [this] { read_image(); }});
    for (int level = 0; level < architecture.depth; level++) {
        const std::string name = "encoder." + std::to_string(level);
        BlockTensors &t = values.encoder[level];
        Tensor &pooled = values.pooled(level);
        add_block(name, encoder[level], t);
        pass.add({name + ".pool", 0, {&t.out}, {&pooled}, [&] { pool.forward(t.out, pooled); }});
    }
    add_block("bottom", bottom, values.bottom);
    if (use == Use::training) {
        Tensor &out = values.bottom.out;
        pass.add({"dropout", 0, {&out}, {&out}, [&] { call.dropout.apply(out); }});
    }
    for (int level = architecture.depth - 1; level >= 0; level--) add_up_block(level);
}

void UNet::Impl::add_block(const std::string &name, const Block &block, BlockTensors &t) {
    add(name + ".conv1", t.mid.size(), {&t.in}, {&t.mid}, [&] { block.conv1.forward(*call.prepared, t.in, t.mid); });
    add(name + ".conv2", t.out.size(), {&t.mid}, {&t.out}, [&] { block.conv2.forward(*call.prepared, t.mid, t.out); });
}

void UNet::Impl::add_up_block(int level) {
    const std::string name = "decoder." + std::to_string(level);
    const UpBlock &block = decoder[level];
    UpBlockTensors &t = values.decoder[level];
    Tensor &below = values.below(level), &skip = values.encoder[level].out;
    add(name + ".up", below.size(), {&below}, {&t.up}, [&] { block.up.forward(*call.prepared, below, t.up); });
    add(
        name + ".conv1", t.mid.size(), {&skip, &t.up}, {&t.mid},
        [&] { block.conv1.forward(*call.prepared, skip, t.up, t.mid); }, skip.bytes() - t.up.bytes());
    add(name + ".conv2", t.out.size(), {&t.mid}, {&t.out}, [&] { block.conv2.forward(*call.prepared, t.mid, t.out); });
}

void UNet::Impl::add_output() {
    Tensor &features = values.features();
    const DenseLayout &layer = layout["head"];
    const size_t result = size_t(features.size().width) * features.size().height * architecture.classes;
    pass.add({"head",
              layer.multiply_adds(features.size()),
              {&features},
              {},
              [&] { head.classify(*call.prepared, features, call.probabilities, *call.result); },
              (layer.forward_filter_size() + result) * sizeof(float)});
}

void UNet::Impl::add_loss() {
    Tensor &features = values.features();
    add("head", features.size(), {&features}, {&values.logits},
        [&] { head.forward(*call.prepared, features, values.logits); });
    pass.add({"loss", 0, {&values.logits}, {&gradients.logits}, [this] { loss(); }});
}

void UNet::Impl::add_backward() {
    NetTensors &d = gradients;
    Tensor &features = values.features(), &d_features = d.features();
    add_gradient("head", features.size(), {&features, &d.logits}, {&d_features},
                 [&] { head.backward(*call.prepared, features, d.logits, d_features, *call.gradient); });
    for (int level = 0; level < architecture.depth; level++) add_up_block_backward(level);
    Tensor &d_bottom = d.bottom.out;
    pass.add({"dropout backward", 0, {&d_bottom}, {&d_bottom}, [&] { call.dropout.apply(d_bottom); }});
    add_block_backward("bottom", bottom, values.bottom, d.bottom, architecture.depth > 0);
    for (int level = architecture.depth - 1; level >= 0; level--) {
        const std::string name = "encoder." + std::to_string(level);
        Tensor &out = values.encoder[level].out, &d_out = d.encoder[level].out;
        Tensor &d_pooled = d.pooled(level), &d_skip = d.decoder[level].skip;
        pass.add({name + ".pool backward", 0, {&out, &d_pooled, &d_skip}, {&d_out}, [&] {
                      pool.backward(out, d_pooled, d_skip, d_out);
                  }});
        add_block_backward(name, encoder[level], values.encoder[level], d.encoder[level], level > 0);
    }
}

void UNet::Impl::add_block_backward(const std::string &name, const Block &block, BlockTensors &t, BlockTensors &d,
                                    bool to_input) {
    add_gradient(name + ".conv2", t.out.size(), {&t.mid, &d.out}, {&d.mid},
                 [&] { block.conv2.backward(*call.prepared, t.mid, d.out, &d.mid, *call.gradient); });
    Tensor *d_in = to_input ? &d.in : nullptr;
    add_gradient(name + ".conv1", t.mid.size(), {&t.in, &d.mid},
                 to_input ? std::vector<Tensor *>{d_in} : std::vector<Tensor *>{},
                 [&, d_in] { block.conv1.backward(*call.prepared, t.in, d.mid, d_in, *call.gradient); });
}

void UNet::Impl::add_up_block_backward(int level) {
    const std::string name = "decoder." + std::to_string(level);
    const UpBlock &block = decoder[level];
    UpBlockTensors &t = values.decoder[level], &d = gradients.decoder[level];
    Tensor &skip = values.encoder[level].out, &below = values.below(level), &d_below = gradients.below(level);
    add_gradient(name + ".conv2", t.out.size(), {&t.mid, &d.out}, {&d.mid},
                 [&] { block.conv2.backward(*call.prepared, t.mid, d.out, &d.mid, *call.gradient); });
    add_gradient(
        name + ".conv1", t.mid.size(), {&skip, &t.up, &d.mid}, {&d.skip, &d.up},
        [&] { block.conv1.backward(*call.prepared, skip, t.up, d.mid, d.skip, d.up, *call.gradient); },
        skip.bytes() - t.up.bytes());
    add_gradient(name + ".up", below.size(), {&below, &d.up}, {&d_below},
                 [&] { block.up.backward(*call.prepared, below, d.up, d_below, *call.gradient); });
}

void UNet::Impl::read_image() {
    Image rows = (architecture.depth ? values.encoder[0].in : values.bottom.in).exact();
    for (int y = 0; y < input.height; y++)
        std::copy_n(call.image->row(y), size_t(input.width) * call.image->channels, &rows(0, 0, y, 0));
}

Pixels UNet::Impl::segment(const PreparedWeights &prepared, const Pixels &image, bool probabilities) {
    fit({image.width, image.height});
    const Size size = values.features().size();
    Pixels result(architecture.classes, size.width, size.height);
    run({.prepared = &prepared, .image = &image, .dropout = {}, .probabilities = probabilities, .result = &result});
    return result;
}

void UNet::Impl::loss() {
    const Classes &labels = *call.labels;
    double total_weight = 0;
    for (size_t i = 0; i < labels.values.size(); i++)
        if (labels.values[i] < architecture.classes) total_weight += call.weights->values[i];
    const double scale = total_weight > 0 ? 1 / total_weight : 0;

    const auto [width, height] = values.logits.size();
    const Halide::Runtime::Buffer<uint8_t, 3> label(const_cast<uint8_t *>(labels.values.data()), width, height, 1);
    const Halide::Runtime::Buffer<float, 3> weight(const_cast<float *>(call.weights->values.data()), width, height, 1);
    Halide::Runtime::Buffer<float, 2> row_loss(height, 1);
    unet::run(kernels().softmax_loss, values.logits.exact(), label, weight, architecture.classes, float(scale),
              gradients.logits.exact(), row_loss);
    call.loss = 0;
    for (int y = 0; y < height; y++) call.loss += row_loss(y, 0);
    call.loss *= scale;
}

UNet::UNet(const Architecture &architecture, Size largest, Use use) : impl_(std::make_unique<Impl>(architecture, use)) {
    impl_->fit(largest);
}

UNet::~UNet() = default;

size_t UNet::bytes() const { return impl_->pass.bytes(); }
const std::vector<LayerTime> &UNet::layer_times() const { return impl_->pass.times(); }

Pixels UNet::segment(const PreparedWeights &prepared, const Pixels &image) {
    return impl_->segment(prepared, image, true);
}

Pixels UNet::scores(const PreparedWeights &prepared, const Pixels &image) {
    return impl_->segment(prepared, image, false);
}

double UNet::train(const PreparedWeights &prepared, const Pixels &image, const Classes &labels, const Pixels &weights,
                   const Dropout &dropout, Parameters &gradient) {
    impl_->fit({image.width, image.height});
    impl_->run({.prepared = &prepared,
                .image = &image,
                .labels = &labels,
                .weights = &weights,
                .dropout = dropout,
                .gradient = &gradient});
    return impl_->call.loss;
}

}  // namespace unet
