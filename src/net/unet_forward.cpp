// The way there: from the image to scores or probabilities, and to the loss.
#include "src/net/unet_impl.h"
#include <algorithm>

namespace unet {

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

void UNet::Impl::read_image() {
    Image rows = (architecture.depth ? values.encoder[0].in : values.bottom.in).exact();
    for (int y = 0; y < input.height; y++)
        std::copy_n(call.image->row(y), size_t(input.width) * call.image->channels, &rows(0, 0, y, 0));
}

}  // namespace unet
