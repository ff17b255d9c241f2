#include "src/net/levels.h"

namespace unet {

NetTensors::NetTensors(const Architecture &a, Size input) : encoder(a.depth), decoder(a.depth) {
    Tensor in = Tensor::unpadded(a.channels, input);
    for (int level = 0; level < a.depth; level++) {
        encoder[level] = BlockTensors(in, a.level_channels(level));
        in = Tensor(a.level_channels(level), output_of<Pool2x2>(encoder[level].out.size()));
    }
    bottom = BlockTensors(in, a.level_channels(a.depth));
    for (int level = a.depth - 1; level >= 0; level--)
        decoder[level] = UpBlockTensors(a.level_channels(level), below(level).size());
    logits = Tensor(a.classes, features().size());
}

const Tensor &NetTensors::below(int level) const {
    return level + 1 < int(decoder.size()) ? decoder[level + 1].out : bottom.out;
}

}  // namespace unet
