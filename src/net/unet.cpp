#include "src/net/unet.h"
#include "src/base/error.h"
#include "src/kernels/kernels.h"
#include "src/net/levels.h"
#include "src/net/stopwatch.h"
#include <algorithm>
#include <cstring>

namespace unet {

struct UNet::Impl {
    Architecture architecture;
    int input, output;
    std::vector<Block> encoder;
    Block bottom;
    std::vector<UpBlock> decoder;
    Pool2x2 pool;
    Conv1x1 head;
    NetTensors values, gradients;
    Tensor probabilities;
    Stopwatch watch;

    Impl(const Architecture &a, const ParameterLayout &layout, int input, Use use)
        : architecture(a), input(input), output(unet::output_size(a, input)), bottom(layout, "bottom"), pool(a.pooling),
          head(layout["head"]), values(a, input), watch(layout) {
        for (int level = 0; level < a.depth; level++) {
            encoder.emplace_back(layout, "encoder." + std::to_string(level));
            decoder.emplace_back(layout, "decoder." + std::to_string(level));
        }
        if (use == Use::inference) {
            probabilities = Tensor(a.classes, output);
            return;
        }
        gradients = NetTensors(a, input);
        for (UpBlockTensors &block : gradients.decoder) block.skip = Tensor(block.up.channels(), block.up.size());
    }

    void forward(const PreparedWeights &p, const Pixels &image, const Dropout &dropout);
    void forward_block(const std::string &name, const Block &block, const PreparedWeights &p, BlockTensors &t);
    double loss(const Classes &labels, const Pixels &weights);
    void backward(const PreparedWeights &p, const Dropout &dropout, Parameters &gradient);
    void backward_block(const std::string &name, const Block &block, const PreparedWeights &p, BlockTensors &t,
                        BlockTensors &d, Parameters &gradient, bool to_input);
};

void UNet::Impl::forward_block(const std::string &name, const Block &block, const PreparedWeights &p, BlockTensors &t) {
    watch.time(name + ".conv1", t.mid.size(), [&] { block.conv1.forward(p, t.in, t.mid); });
    watch.time(name + ".conv2", t.out.size(), [&] { block.conv2.forward(p, t.mid, t.out); });
}

void UNet::Impl::forward(const PreparedWeights &p, const Pixels &image, const Dropout &dropout) {
    watch.restart();
    Tensor &in = architecture.depth ? values.encoder[0].in : values.bottom.in;
    Image rows = in.exact();
    for (int y = 0; y < input; y++) std::copy_n(image.row(y), size_t(input) * image.channels, &rows(0, 0, y, 0));

    for (int level = 0; level < architecture.depth; level++) {
        const std::string name = "encoder." + std::to_string(level);
        forward_block(name, encoder[level], p, values.encoder[level]);
        Tensor &pooled = level + 1 < architecture.depth ? values.encoder[level + 1].in : values.bottom.in;
        watch.time(name + ".pool", 0, [&] { pool.forward(values.encoder[level].out, pooled); });
    }
    forward_block("bottom", bottom, p, values.bottom);
    dropout.apply(values.bottom.out);
    for (int level = architecture.depth - 1; level >= 0; level--) {
        const std::string name = "decoder." + std::to_string(level);
        UpBlockTensors &t = values.decoder[level];
        watch.time(name + ".up", t.up.size() / 2, [&] { decoder[level].up.forward(p, values.below(level), t.up); });
        watch.time(name + ".conv1", t.mid.size(),
                   [&] { decoder[level].conv1.forward(p, values.encoder[level].out, t.up, t.mid); });
        watch.time(name + ".conv2", t.out.size(), [&] { decoder[level].conv2.forward(p, t.mid, t.out); });
    }
    watch.time("head", output, [&] { head.forward(p, values.features(), values.logits); });
}

double UNet::Impl::loss(const Classes &labels, const Pixels &weights) {
    double total_weight = 0;
    for (size_t i = 0; i < labels.values.size(); i++)
        if (labels.values[i] < architecture.classes) total_weight += weights.values[i];
    const double scale = total_weight > 0 ? 1 / total_weight : 0;

    const Halide::Runtime::Buffer<uint8_t, 3> label(const_cast<uint8_t *>(labels.values.data()), output, output, 1);
    const Halide::Runtime::Buffer<float, 3> weight(const_cast<float *>(weights.values.data()), output, output, 1);
    Halide::Runtime::Buffer<float, 2> row_loss(output, 1);
    run(kernels().softmax_loss, values.logits.exact(), label, weight, architecture.classes, float(scale),
        gradients.logits.exact(), row_loss);
    double loss = 0;
    for (int y = 0; y < output; y++) loss += row_loss(y, 0);
    return loss * scale;
}

void UNet::Impl::backward_block(const std::string &name, const Block &block, const PreparedWeights &p, BlockTensors &t,
                                BlockTensors &d, Parameters &gradient, bool to_input) {
    watch.time_backward(name + ".conv2", t.out.size(), true,
                        [&] { block.conv2.backward(p, t.mid, t.out, d.out, &d.mid, gradient); });
    watch.time_backward(name + ".conv1", t.mid.size(), to_input,
                        [&] { block.conv1.backward(p, t.in, t.mid, d.mid, to_input ? &d.in : nullptr, gradient); });
}

void UNet::Impl::backward(const PreparedWeights &p, const Dropout &dropout, Parameters &gradient) {
    NetTensors &d = gradients;
    watch.time_backward("head", output, true,
                        [&] { head.backward(p, values.features(), d.logits, d.features(), gradient); });
    for (int level = 0; level < architecture.depth; level++) {
        const std::string name = "decoder." + std::to_string(level);
        UpBlockTensors &t = values.decoder[level], &dt = d.decoder[level];
        const UpBlock &block = decoder[level];
        watch.time_backward(name + ".conv2", t.out.size(), true,
                            [&] { block.conv2.backward(p, t.mid, t.out, dt.out, &dt.mid, gradient); });
        watch.time_backward(name + ".conv1", t.mid.size(), true, [&] {
            block.conv1.backward(p, values.encoder[level].out, t.up, t.mid, dt.mid, dt.skip, dt.up, gradient);
        });
        watch.time_backward(name + ".up", t.up.size() / 2, true,
                            [&] { block.up.backward(p, values.below(level), dt.up, d.below(level), gradient); });
    }
    dropout.apply(d.bottom.out);
    backward_block("bottom", bottom, p, values.bottom, d.bottom, gradient, architecture.depth > 0);
    for (int level = architecture.depth - 1; level >= 0; level--) {
        const std::string name = "encoder." + std::to_string(level);
        const Tensor &d_pooled = level + 1 < architecture.depth ? d.encoder[level + 1].in : d.bottom.in;
        watch.time(name + ".pool backward", 0, [&] {
            pool.backward(values.encoder[level].out, d_pooled, d.decoder[level].skip, d.encoder[level].out);
        });
        backward_block(name, encoder[level], p, values.encoder[level], d.encoder[level], gradient, level > 0);
    }
}

UNet::UNet(const Architecture &architecture, int input, Use use) {
    const TileGeometry g = geometry(architecture);
    if (unet::output_size(architecture, input) == 0)
        throw Error(Exit::usage, "input size " + std::to_string(input) + ": the network needs " +
                                     std::to_string(g.smallest_input) + " or more in steps of " +
                                     std::to_string(g.step));
    impl_ = std::make_unique<Impl>(architecture, ParameterLayout(architecture), input, use);
}

UNet::~UNet() = default;

int UNet::input_size() const { return impl_->input; }
int UNet::output_size() const { return impl_->output; }
size_t UNet::bytes() const { return impl_->values.bytes() + impl_->gradients.bytes() + impl_->probabilities.bytes(); }
const std::vector<LayerTime> &UNet::layer_times() const { return impl_->watch.times(); }

namespace {

Pixels without_padding(const Tensor &tensor, int channels) {
    Image padded = tensor.exact();
    Pixels pixels(channels, tensor.size(), tensor.size());
    for (int y = 0; y < tensor.size(); y++)
        for (int x = 0; x < tensor.size(); x++) std::copy_n(&padded(0, x, y, 0), channels, &pixels(0, x, y));
    return pixels;
}

}  // namespace

Pixels UNet::scores() const { return without_padding(impl_->values.logits, impl_->architecture.classes); }

Pixels UNet::segment(const PreparedWeights &prepared, const Pixels &image) {
    impl_->forward(prepared, image, {});
    const int classes = impl_->architecture.classes;
    run(kernels().softmax, impl_->values.logits.exact(), classes, impl_->probabilities.exact());
    return without_padding(impl_->probabilities, classes);
}

double UNet::train(const PreparedWeights &prepared, const Pixels &image, const Classes &labels, const Pixels &weights,
                   const Dropout &dropout, Parameters &gradient) {
    impl_->forward(prepared, image, dropout);
    const double loss = impl_->loss(labels, weights);
    impl_->backward(prepared, dropout, gradient);
    return loss;
}

}  // namespace unet
