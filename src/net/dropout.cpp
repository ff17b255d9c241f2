#include "src/net/dropout.h"
#include "src/base/random.h"
#include "src/kernels/kernels.h"

namespace unet {

void Dropout::apply(Tensor &tensor) const {
    if (rate <= 0) return;
    const auto word = uint32_t(Random(seed, sample).bits());
    const auto threshold = uint32_t(double(rate) * 0x1p32);
    run(kernels().dropout, tensor.exact(), word, threshold, 1 / (1 - rate), tensor.exact());
}

}  // namespace unet
