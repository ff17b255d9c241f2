#include "tune/kernel_work.h"

namespace unet {

namespace {

/// Taps that an output value sums over: each of an up-convolution's comes from one.
int taps_of(const std::string &op, bool input_grad) {
    if (op.starts_with("conv3x3")) return 9;
    return op.starts_with("up_conv2x2") && input_grad ? 4 : 1;
}

double channels(const KernelCall &call, size_t argument) { return call.buffer(argument).dims[0].extent; }

/// The last buffer: what is written.
const BufferShape &result(const KernelCall &call) { return std::get<BufferShape>(call.arguments.back()); }

/// Filters times the pixels that each is summed over; `at` is the filter's gradient, behind in, d_out and perhaps out.
double filter_grad(const std::string &op, const KernelCall &call) {
    const BufferShape &in = call.buffer(0), &d_out = call.buffer(1);
    const bool up = op.starts_with("up_conv2x2");
    const BufferShape &pixels = up ? in : d_out;
    return pixels.dims[1].extent * double(pixels.dims[2].extent) * in.dims[0].extent * d_out.dims[0].extent *
           (up ? 4 : taps_of(op, false));
}

}  // namespace

double multiply_adds(const std::string &op, const KernelCall &call) {
    const bool multiplies = op.starts_with("conv") || op.starts_with("up_conv");
    if (!multiplies) return 0;
    if (op.find("filter_grad") != std::string::npos) return filter_grad(op, call);
    double inputs = channels(call, 0);
    if (op == "conv3x3_pair" || op == "conv3x3_pair_winograd") inputs += channels(call, 1);
    return inputs * double(result(call).elements()) * taps_of(op, op.find("input_grad") != std::string::npos);
}

double bytes_touched(const KernelCall &call) {
    double bytes = 0;
    for (const CallArgument &argument : call.arguments)
        if (const auto *buffer = std::get_if<BufferShape>(&argument))
            bytes += double(buffer->elements()) * buffer->type.bytes();
    return bytes;
}

}  // namespace unet
