#include "tune/call_data.h"
#include "src/base/error.h"
#include "src/base/random.h"
#include <algorithm>
#include <array>
#include <chrono>

namespace unet {

namespace {

constexpr float unwritten = -12345.0f;
constexpr double least_seconds = 1e-3;
constexpr double least_device_seconds = 5e-3;  // a device is told what to do, and waited for: that takes time, too
constexpr size_t read_beyond = 64;             // floats that vectors may read behind a buffer

/// First and last element, in floats from the one at the minimum of all dimensions.
std::pair<ptrdiff_t, ptrdiff_t> span_of(const BufferShape &shape) {
    ptrdiff_t first = 0, last = 0;
    for (const halide_dimension_t &dim : shape.dims) {
        const ptrdiff_t across = ptrdiff_t(dim.extent - 1) * dim.stride;
        (across < 0 ? first : last) += across;
    }
    return {first, last};
}

const BufferShape &checked(const BufferShape &shape) {
    if (shape.type != halide_type_of<float>() || shape.dims.empty() || shape.elements() < 0 ||
        shape.dims[0].stride != 1)  // none at all is possible: the second input of a layer has no bias
        throw Error(Exit::internal, "a call with a buffer that is not made of floats cannot be made again");
    return shape;
}

size_t floats_of(const BufferShape &shape) {
    const auto [first, last] = span_of(checked(shape));
    return size_t(last - first) + 1 + read_beyond;
}

/// `visit(first, count)` for each run of elements along the first dimension.
template<class Visit>
void for_each_run(const BufferShape &shape, float *at, size_t dimension, const Visit &visit) {
    if (dimension == 0) {
        visit(at, size_t(shape.dims[0].extent));
        return;
    }
    const halide_dimension_t &dim = shape.dims[dimension];
    for (int i = 0; i < dim.extent; i++) for_each_run(shape, at + ptrdiff_t(i) * dim.stride, dimension - 1, visit);
}

template<class Visit>
void for_each_run(const BufferShape &shape, const halide_buffer_t &buffer, const Visit &visit) {
    for_each_run(shape, reinterpret_cast<float *>(buffer.host), shape.dims.size() - 1, visit);
}

/// Values in [-1, 1), as many as a prime, so that rows of a power of two floats differ.
const std::array<float, 4099> &random_values() {
    static const auto values = [] {
        std::array<float, 4099> values;
        Random random(1, 0);
        for (float &value : values) value = float(random.uniform(-1, 1));
        return values;
    }();
    return values;
}

void fill(const BufferShape &shape, const halide_buffer_t &buffer) {
    size_t next = 0;
    for_each_run(shape, buffer, [&](float *first, size_t count) {
        for (size_t i = 0; i < count; i++) first[i] = random_values()[next++ % random_values().size()];
    });
}

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Error(data): of a candidate that does not fit, not of the program.
void check(int code, RunContext &context) {
    if (code == 0) return;
    std::replace(context.error.begin(), context.error.end(), '\n', ' ');
    throw Error(Exit::data, context.error.empty() ? "Halide's error " + std::to_string(code) : context.error);
}

}  // namespace

CallData::Buffer::Buffer(const BufferShape &shape, bool output)
    : shape(shape), output(output), memory(floats_of(shape)) {
    raw.host = reinterpret_cast<uint8_t *>(memory.data() - span_of(shape).first);
    raw.type = shape.type;
    raw.dimensions = int(shape.dims.size());
    raw.dim = this->shape.dims.data();
    raw.flags = halide_buffer_flag_host_dirty;
    if (!output) fill(this->shape, raw);
}

CallData::Buffer::~Buffer() {
    RunContext context;
    free_on_device(context, raw);
}

CallData::CallData(const KernelCall &call, const std::vector<bool> &outputs) : scalars_(call.arguments) {
    for (size_t i = 0; i < scalars_.size(); i++) {
        if (const auto *shape = std::get_if<BufferShape>(&scalars_[i])) {
            buffers_.push_back(std::make_unique<Buffer>(*shape, outputs.at(i)));
            arguments_.push_back(&buffers_.back()->raw);
            continue;
        }
        arguments_.push_back(std::visit([](auto &value) -> const void * { return &value; }, scalars_[i]));
    }
}

void CallData::run(const JitKernel &kernel) {
    RunContext context;
    check(kernel(&context, arguments_), context);
}

/// All buffers are on one device: to wait for one is to wait for all.
void CallData::finish() {
    RunContext context;
    check(finish_device(context, buffers_.front()->raw), context);
}

double CallData::time(const JitKernel &kernel) {
    return buffers_.front()->raw.device ? time_on_device(kernel) : time_here(kernel);
}

double CallData::time_here(const JitKernel &kernel) {
    const Clock::time_point start = Clock::now();
    for (int runs = 1;; runs++) {
        run(kernel);
        const double seconds = seconds_since(start);
        if (seconds >= least_seconds) return seconds / runs;
    }
}

double CallData::time_on_device(const JitKernel &kernel) {
    for (int runs = 1;; runs *= 2) {
        const Clock::time_point start = Clock::now();
        for (int i = 0; i < runs; i++) run(kernel);
        finish();
        const double seconds = seconds_since(start);
        if (seconds >= least_device_seconds) return seconds / runs;
    }
}

void CallData::add_bytes(const JitKernel &kernel, Hash &hash) {
    for (const auto &buffer : buffers_)
        if (buffer->output) {
            for_each_run(buffer->shape, buffer->raw,
                         [](float *first, size_t count) { std::fill_n(first, count, unwritten); });
            buffer->raw.flags = halide_buffer_flag_host_dirty;  // a kernel on a device begins with it
        }
    run(kernel);
    for (const auto &buffer : buffers_)
        if (buffer->output) {
            RunContext context;
            check(fetch(context, buffer->raw), context);
            for_each_run(buffer->shape, buffer->raw,
                         [&](float *first, size_t count) { hash.add(first, count * sizeof(float)); });
        }
}

}  // namespace unet
