// The way back: from the gradient of the scores to that of all filters.
#include "src/net/unet_impl.h"

namespace unet {

namespace {

/// Of a pooling's output, for rows of its input.
Rows pooled_rows(Rows rows) { return {rows.begin / 2, rows.end / 2}; }

}  // namespace

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
         .rows = block.conv1.gradient_rows(d_in, d.mid),
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
                  .rows = conv2.gradient_rows(&d_mid, d_out),
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

}  // namespace unet
