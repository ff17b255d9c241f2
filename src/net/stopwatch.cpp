#include "src/net/stopwatch.h"

namespace unet {

double Stopwatch::multiply_adds(const std::string &name, int pixels) const {
    const DenseLayout &layer = layout_[name];
    double inputs = 0;
    for (int channels : layer.inputs) inputs += channels;
    return inputs * layer.outputs * layer.taps() * layer.taps() * pixels * pixels;
}

}  // namespace unet
