#include "src/net/levels.h"

namespace unet {

NetTensors::NetTensors(const Architecture &a, int input) : encoder(a.depth), decoder(a.depth) {
    Tensor in = Tensor::unpadded(a.channels, input);
    for (int level = 0; level < a.depth; level++) {
        encoder[level] = BlockTensors(in, a.level_channels(level));
        in = Tensor(a.level_channels(level), Pool2x2::output_size(encoder[level].out.size()));
    }
    bottom = BlockTensors(in, a.level_channels(a.depth));
    for (int level = a.depth - 1; level >= 0; level--)
        decoder[level] = UpBlockTensors(a.level_channels(level), below(level).size());
    logits = Tensor(a.classes, Conv1x1::output_size(features().size()));
}

const Tensor &NetTensors::below(int level) const {
    return level + 1 < int(decoder.size()) ? decoder[level + 1].out : bottom.out;
}

size_t NetTensors::bytes() const {
    size_t bytes = bottom.bytes() + logits.bytes();
    for (const BlockTensors &block : encoder) bytes += block.bytes();
    for (const UpBlockTensors &block : decoder) bytes += block.bytes();
    return bytes;
}

}  // namespace unet
