#include "src/net/unet.h"
#include "src/base/error.h"
#include "src/net/levels.h"
#include <algorithm>
#include <fmt/format.h>

namespace unet {

namespace {

std::string decoder_name(int level) { return "decoder." + std::to_string(level); }

/// How `layer` computes rows of `out`.
template<class Layer>
RowUse rows_of(const Layer &layer, const Tensor &out) {
    return {out.size().height, layer.row_unit(), Layer::input_rows};
}

/// Of a pooling's output, for rows of its input.
Rows pooled_rows(Rows rows) { return {rows.begin / 2, rows.end / 2}; }

}  // namespace

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

void UNet::Impl::fit(Size size) {
    if (size != input) {
        input = {};
        plan(size);
    } else if (pass.bytes() > 0) return;
    pass.place();
    input = size;
}

void UNet::Impl::plan(Size size) {
    if (unet::output_size(architecture, size) == Size{}) {
        const TileGeometry g = geometry(architecture);
        throw Error(Exit::usage, fmt::format("input size {} x {}: the network needs {} or more in steps of {}",
                                             size.width, size.height, g.smallest_input, g.step));
    }
    pass.clear();
    gradient_order.clear();
    values = NetTensors(architecture, size);
    add_forward();
    if (use == Use::inference) add_output();
    else {
        gradients = again = NetTensors(architecture, size);
        add_loss();
        add_backward();
    }
    pass.plan(strip_bytes);
}

void UNet::Impl::add_forward() {
    Tensor &in = architecture.depth ? values.encoder[0].in : values.bottom.in;
    pass.add({.name = "input", .writes = {&in}, .run = [this](Rows) { read_image(); }, .on_host = true});
    for (int level = 0; level < architecture.depth; level++) {
        const std::string name = "encoder." + std::to_string(level);
        BlockTensors &t = values.encoder[level];
        Tensor &pooled = values.pooled(level);
        add_block(name, encoder[level], t);
        pass.add({.name = name + ".pool",
                  .reads = {&t.out},
                  .writes = {&pooled},
                  .run = [&](Rows rows) { pool.forward(t.out, pooled, rows); },
                  .rows = rows_of(pool, pooled),
                  .follows = true});
    }
    add_block("bottom", bottom, values.bottom);
    if (use != Use::inference) {
        Tensor &out = values.bottom.out;
        pass.add({.name = "dropout", .reads = {&out}, .writes = {&out}, .run = [&](Rows) { call.dropout.apply(out); }});
    }
    for (int level = architecture.depth - 1; level >= 0; level--) add_up_block(level);
}

void UNet::Impl::add_block(const std::string &name, const Block &block, BlockTensors &t) {
    add(conv1_step(name, block, t.in, t.mid), t.mid.size());
    add_conv2(name, block.conv2, t.mid, t.out);
}

Step UNet::Impl::conv1_step(const std::string &name, const Block &block, Tensor &in, Tensor &mid) {
    return {.name = name + ".conv1",
            .reads = {&in},
            .writes = {&mid},
            .run = [&](Rows rows) { block.conv1.forward(*call.prepared, in, mid, rows); },
            .rows = rows_of(block.conv1, mid)};
}

void UNet::Impl::add_conv2(const std::string &block, const Conv3x3 &conv2, Tensor &mid, Tensor &out) {
    add({.name = block + ".conv2",
         .reads = {&mid},
         .writes = {&out},
         .run = [&](Rows rows) { conv2.forward(*call.prepared, mid, out, rows); },
         .rows = rows_of(conv2, out),
         .follows = true},
        out.size());
}

void UNet::Impl::add_up_block(int level) {
    UpBlockTensors &t = values.decoder[level];
    add(up_step(level, t.up), values.below(level).size());
    add(pair_step(level, t.up, t.mid), t.mid.size());
    add_conv2(decoder_name(level), decoder[level].conv2, t.mid, t.out);
}

Step UNet::Impl::up_step(int level, Tensor &up) {
    const UpBlock &block = decoder[level];
    Tensor &below = values.below(level);
    return {.name = decoder_name(level) + ".up",
            .reads = {&below},
            .writes = {&up},
            .run = [&](Rows rows) { block.up.forward(*call.prepared, below, up, rows); },
            .rows = rows_of(block.up, up)};
}

Step UNet::Impl::pair_step(int level, Tensor &up, Tensor &mid) {
    const UpBlock &block = decoder[level];
    Tensor &skip = values.encoder[level].out;
    return {.name = decoder_name(level) + ".conv1",
            .reads = {&skip, &up},
            .writes = {&mid},
            .run = [&](Rows rows) { block.conv1.forward(*call.prepared, skip, up, mid, rows); },
            .rows = rows_of(block.conv1, mid),
            .follows = true,
            .unread_bytes = skip.bytes() - up.bytes()};
}

void UNet::Impl::add_output() {
    Tensor &features = values.features();
    const Size size = features.size();
    add({.name = "head",
         .reads = {&features},
         .run = [&](Rows rows) { head.classify(*call.prepared, features, call.probabilities, *call.result, rows); },
         .rows = rows_of(head, features),
         .follows = true,
         .other_bytes = sizeof(float) * size_t(size.width) * size.height * architecture.classes},
        size);
}

void UNet::Impl::add_loss() {
    Tensor &features = values.features();
    add({.name = "head",
         .reads = {&features},
         .writes = {&values.logits},
         .run = [&](Rows rows) { head.forward(*call.prepared, features, values.logits, rows); },
         .rows = rows_of(head, values.logits),
         .follows = true},
        features.size());
    pass.add({.name = "loss", .reads = {&values.logits}, .writes = {&gradients.logits}, .run = [this](Rows) {
                  call.loss = loss_and_gradient(call.loss_options, *call.labels, *call.weights, architecture.classes,
                                                values.logits, gradients.logits);
              }});
}

void UNet::Impl::add_backward() {
    NetTensors &d = gradients;
    Tensor &features = values.features(), &d_features = d.features();
    add_gradient(
        {.name = "head",
         .reads = {&features, &d.logits},
         .writes = {&d_features},
         .run = [&](Rows rows) { head.backward(*call.prepared, features, d.logits, d_features, *call.gradient, rows); },
         .rows = rows_of(head, d_features)},
        features.size());
    for (int level = 0; level < architecture.depth; level++) add_up_block_backward(level);
    Tensor &d_bottom = d.bottom.out;
    pass.add({.name = "dropout backward", .reads = {&d_bottom}, .writes = {&d_bottom}, .run = [&](Rows) {
                  call.dropout.apply(d_bottom);
              }});
    add_block_backward("bottom", bottom, values.bottom, d.bottom, again.bottom, architecture.depth > 0);
    for (int level = architecture.depth - 1; level >= 0; level--) {
        const std::string name = "encoder." + std::to_string(level);
        Tensor &out = values.encoder[level].out, &d_out = d.encoder[level].out;
        Tensor &d_pooled = d.pooled(level), &d_skip = d.decoder[level].skip;
        pass.add({.name = name + ".pool backward",
                  .reads = {&out, &d_pooled, &d_skip},
                  .writes = {&d_out},
                  .run = [&](Rows rows) { pool.backward(out, d_pooled, d_skip, d_out, rows); },
                  .rows = {d_out.size().height, 2, pooled_rows}});
        add_block_backward(name, encoder[level], values.encoder[level], d.encoder[level], again.encoder[level],
                           level > 0);
    }
}

void UNet::Impl::add_block_backward(const std::string &name, const Block &block, BlockTensors &t, BlockTensors &d,
                                    BlockTensors &again, bool to_input) {
    Tensor &mid = recomputes() ? again.mid : t.mid;
    if (recomputes()) add_again(conv1_step(name, block, t.in, mid));
    add_conv2_backward(name, block.conv2, mid, d.out, d.mid);
    Tensor *d_in = to_input ? &d.in : nullptr;
    add_gradient(
        {.name = name + ".conv1",
         .reads = {&t.in, &d.mid},
         .writes = to_input ? std::vector<Tensor *>{d_in} : std::vector<Tensor *>{},
         .run = [&, d_in](Rows rows) { block.conv1.backward(*call.prepared, t.in, d.mid, d_in, *call.gradient, rows); },
         .rows = d_in ? block.conv1.gradient_rows(*d_in) : RowUse{},
         .follows = true,
         .scratch_bytes = block.conv1.scratch_bytes(t.mid.size())},
        t.mid.size());
}

void UNet::Impl::add_conv2_backward(const std::string &block, const Conv3x3 &conv2, Tensor &mid, Tensor &d_out,
                                    Tensor &d_mid) {
    add_gradient({.name = block + ".conv2",
                  .reads = {&mid, &d_out},
                  .writes = {&d_mid},
                  .run = [&](Rows rows) { conv2.backward(*call.prepared, mid, d_out, &d_mid, *call.gradient, rows); },
                  .rows = conv2.gradient_rows(d_mid),
                  .follows = !recomputes(),
                  .scratch_bytes = conv2.scratch_bytes(d_out.size())},
                 d_out.size());
}

void UNet::Impl::add_up_block_backward(int level) {
    const std::string name = decoder_name(level);
    const UpBlock &block = decoder[level];
    UpBlockTensors &t = recomputes() ? again.decoder[level] : values.decoder[level], &d = gradients.decoder[level];
    Tensor &skip = values.encoder[level].out, &below = values.below(level), &d_below = gradients.below(level);
    if (recomputes()) add_again(up_step(level, t.up)), add_again(pair_step(level, t.up, t.mid));
    add_conv2_backward(name, block.conv2, t.mid, d.out, d.mid);
    add_gradient({.name = name + ".conv1",
                  .reads = {&skip, &t.up, &d.mid},
                  .writes = {&d.skip, &d.up},
                  .run =
                      [&](Rows rows) {
                          block.conv1.backward(*call.prepared, skip, t.up, d.mid, d.skip, d.up, *call.gradient, rows);
                      },
                  .rows = block.conv1.gradient_rows(d.up),
                  .unread_bytes = skip.bytes() - t.up.bytes(),
                  .scratch_bytes = block.conv1.scratch_bytes(t.mid.size())},
                 t.mid.size());
    add_gradient(
        {.name = name + ".up",
         .reads = {&below, &d.up},
         .writes = {&d_below},
         .run = [&](Rows rows) { block.up.backward(*call.prepared, below, d.up, d_below, *call.gradient, rows); },
         .rows = block.up.gradient_rows(d_below),
         .follows = true},
        below.size());
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

UNet::UNet(const Architecture &architecture, Size largest, Use use, size_t strip_bytes)
    : impl_(std::make_unique<Impl>(architecture, use, strip_bytes)) {
    impl_->fit(largest);
}

UNet::~UNet() = default;

size_t UNet::planned_bytes(const Architecture &architecture, Size largest, Use use, size_t strip_bytes) {
    Impl impl(architecture, use, strip_bytes);
    impl.plan(largest);
    return impl.pass.planned_bytes();
}

double UNet::inference_multiply_adds(const Architecture &architecture, Size size) {
    Impl impl(architecture, Use::inference, usual_strip_bytes);
    impl.plan(size);
    return impl.pass.multiply_adds();
}

void UNet::release() { impl_->pass.release(); }

size_t UNet::bytes() const { return impl_->pass.bytes(); }
const std::vector<LayerTime> &UNet::layer_times() const { return impl_->pass.times(); }
const std::vector<std::string> &UNet::gradient_order() const { return impl_->gradient_order; }

Pixels UNet::segment(const PreparedWeights &prepared, const Pixels &image) {
    return impl_->segment(prepared, image, true);
}

Pixels UNet::scores(const PreparedWeights &prepared, const Pixels &image) {
    return impl_->segment(prepared, image, false);
}

double UNet::train(const Parameters &parameters, const Pixels &image, const Classes &labels, const Pixels &weights,
                   const Dropout &dropout, Parameters &gradient, const LossOptions &loss,
                   const std::function<void()> &layer_done) {
    impl_->fit({image.width, image.height});
    PreparedWeights prepared(parameters, PreparedWeights::Use::training);
    const auto on_device = DeviceMemory::in_place_of(gradient.data(), gradient.size() * sizeof(float));
    if (on_device) {
        std::fill_n(gradient.data(), gradient.size(), 0.0f);  // what layers add to: src/net/gradient_sums.h
        on_device->upload();
    }
    impl_->run({.prepared = &prepared,
                .by_layer = &prepared,
                .image = &image,
                .labels = &labels,
                .weights = &weights,
                .dropout = dropout,
                .gradient = &gradient,
                .loss_options = loss,
                .layer_done = on_device ? nullptr : layer_done});
    if (!on_device) return impl_->call.loss;
    on_device->download();
    for (size_t layer = 0; layer_done && layer < impl_->gradient_order.size(); layer++) layer_done();
    return impl_->call.loss;
}

}  // namespace unet
