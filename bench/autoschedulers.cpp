// Times Halide's autoschedulers beside the schedules of this repository, in turn, on some layers of a width-32 network.
//
//   cmake --build --preset release --target autoschedulers && build/release/autoschedulers
//
// Each kernel is compiled while the program runs, with Halide's own threads; the shortest of several runs counts. A
// scheduler that takes longer than two minutes for a kernel, or fails, is left out with its reason.
#include "generators/conv3x3.h"
#include "generators/conv3x3_winograd.h"
#include "generators/max_pool2x2.h"
#include "generators/up_conv2x2.h"
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace unet::generators;
using Halide::Buffer;
using Halide::ImageParam;

namespace {

const char *const schedulers[] = {"Mullapudi2016", "Adams2019", "Li2018"};
constexpr unsigned most_seconds = 120;
constexpr int rounds = 7;

/// A layer of some size: how its pipeline is made, and what it reads.
struct Layer {
    std::string name;
    std::vector<ImageParam> inputs;
    std::vector<Buffer<float>> data;
    Halide::Func result{"result"};
    std::vector<int> size;          // of the result
    std::function<void()> by_hand;  // schedules it

    void read(ImageParam image, std::vector<int> extents) {
        std::mt19937 random(unsigned(inputs.size()));
        std::uniform_real_distribution<float> values(-1, 1);
        Buffer<float> buffer(extents);
        buffer.for_each_value([&](float &value) { value = values(random); });
        start_at_zero(image);
        for (int d = 0; d < image.dimensions(); d++) image.dim(d).set_estimate(0, extents[size_t(d)]);
        inputs.push_back(image), data.push_back(buffer);
    }
    void write(const Halide::Func &func, std::vector<int> extents) {
        result = func, size = std::move(extents);
        for (int d = 0; d < func.dimensions(); d++) result.set_estimate(func.args()[size_t(d)], 0, size[size_t(d)]);
        for (int d = 0; d < func.dimensions(); d++) result.output_buffer().dim(d).set_min(0);
    }
};

ImageParam image(int dimensions, const char *name) { return ImageParam(Halide::Float(32), dimensions, name); }

/// What dense layers read: an image, a filter, a bias.
struct DenseInputs {
    ImageParam in = image(4, "in"), filter = image(5, "filter"), bias = image(1, "bias");
    Halide::Expr channels = in.dim(0).extent();
};

/// A layer with its buffers; the first of each size is its channels.
template<class Op>
Layer dense(const std::string &name, std::shared_ptr<Op> op, const DenseInputs &read, const std::vector<int> &in_size,
            const std::vector<int> &filter_size, const std::vector<int> &out_size, const Halide::Target &target) {
    Layer layer{.name = name + " " + std::to_string(in_size[0]) + " to " + std::to_string(out_size[0]) + ", " +
                        std::to_string(in_size[1])};
    layer.read(read.in, in_size);
    layer.read(read.filter, filter_size);
    layer.read(read.bias, {out_size[0]});
    layer.write(op->result, out_size);
    layer.by_hand = [op, target] { schedule(*op, target, {}); };
    return layer;
}

Layer conv3x3(int inputs, int outputs, int side, const Halide::Target &target) {
    const DenseInputs d;
    auto op = std::make_shared<Conv3x3>(d.in, d.filter, d.bias, Halide::Expr(true), d.channels);
    return dense("conv3x3", op, d, {inputs, side + 2, side + 2, 1}, {16, 3, 3, inputs, outputs / 16},
                 {outputs, side, side, 1}, target);
}

Layer conv3x3_winograd(int inputs, int outputs, int side, const Halide::Target &target) {
    const int m = 4, tiles = side / m;
    const DenseInputs d;
    auto op = std::make_shared<Conv3x3Winograd>(m, d.in, d.filter, d.bias, Halide::Expr(true), d.channels, tiles, tiles,
                                                false);
    return dense("conv3x3_winograd4", op, d, {inputs, side + 2, side + 2, 1}, {16, inputs, m + 2, m + 2, outputs / 16},
                 {outputs, m, tiles, m, tiles, 1}, target);
}

Layer up_conv2x2(int inputs, int outputs, int side, const Halide::Target &target) {
    const DenseInputs d;
    auto op = std::make_shared<UpConv2x2>(d.in, d.filter, d.bias, d.channels);
    return dense("up_conv2x2", op, d, {inputs, side, side, 1}, {16, 2, 2, inputs, outputs / 16},
                 {outputs, 2, side, 2, side, 1}, target);
}

Layer max_pool2x2(int channels, int side, const Halide::Target &target) {
    Layer layer{.name = "max_pool2x2 " + std::to_string(channels) + ", " + std::to_string(side)};
    ImageParam in = image(4, "in");
    auto op = std::make_shared<MaxPool2x2>(in);
    layer.read(in, {channels, side, side, 1});
    layer.write(op->result, {channels, side / 2, side / 2, 1});
    layer.by_hand = [op, target] { schedule(*op, target, {}); };
    return layer;
}

/// Compiled with one schedule, and its output.
struct Compiled {
    std::string scheduler;
    Halide::Callable code;
    Buffer<float> out;
    double seconds = std::numeric_limits<double>::infinity();
};

Compiled compile(Layer layer, const std::string &scheduler, const Halide::Target &target) {
    Halide::Pipeline pipeline(layer.result);
    if (scheduler == "by hand") layer.by_hand();
    else {
        const std::string threads = std::to_string(std::thread::hardware_concurrency());
        pipeline.apply_autoscheduler(target, {scheduler, {{"parallelism", threads}}});
    }
    std::vector<Halide::Argument> arguments;
    for (const ImageParam &input : layer.inputs) arguments.push_back(input);
    return {scheduler, pipeline.compile_to_callable(arguments, target), Buffer<float>(layer.size)};
}

int call(const Layer &layer, Compiled &compiled) {
    Halide::JITUserContext context;
    Halide::JITUserContext *const first = &context;
    std::vector<const void *> arguments{&first};
    for (const Buffer<float> &buffer : layer.data) arguments.push_back(buffer.raw_buffer());
    arguments.push_back(compiled.out.raw_buffer());
    return compiled.code.call_argv_fast(arguments.size(), arguments.data());
}

double seconds_of(const Layer &layer, Compiled &compiled) {
    const auto start = std::chrono::steady_clock::now();
    call(layer, compiled);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double largest_difference(const Buffer<float> &a, const Buffer<float> &b) {
    double largest = 0;
    for (size_t i = 0; i < a.number_of_elements(); i++)
        largest = std::max(largest, std::fabs(double(a.data()[i]) - b.data()[i]));
    return largest;
}

/// Times one scheduler beside the schedule by hand. Returns the exit code of the process that does it.
int compare(const std::function<Layer(const Halide::Target &)> &make, const std::string &scheduler,
            const Halide::Target &target) {
    try {
        Layer hand_layer = make(target), layer = make(target);
        Compiled hand = compile(hand_layer, "by hand", target);
        const auto start = std::chrono::steady_clock::now();
        Compiled automatic = compile(layer, scheduler, target);
        const double compiling = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        for (int round = 0; round < rounds; round++) {
            hand.seconds = std::min(hand.seconds, seconds_of(hand_layer, hand));
            automatic.seconds = std::min(automatic.seconds, seconds_of(layer, automatic));
        }
        if (const double difference = largest_difference(hand.out, automatic.out); !(difference < 1e-2)) {
            std::printf("| %s | %s | wrong by %g |\n", layer.name.c_str(), scheduler.c_str(), difference);
            return 0;
        }
        std::printf("| %s | %s | %.2f | %.2f | %.2f | %.1f |\n", layer.name.c_str(), scheduler.c_str(),
                    1e3 * hand.seconds, 1e3 * automatic.seconds, automatic.seconds / hand.seconds, compiling);
    } catch (const Halide::Error &error) {
        const std::string text = error.what();
        std::printf("| %s | %s | fails: %s |\n", make(target).name.c_str(), scheduler.c_str(),
                    text.substr(0, text.find('\n')).c_str());
    }
    return 0;
}

/// In a process of its own: some autoschedulers abort, some do not end.
void compare_apart(const std::function<Layer(const Halide::Target &)> &make, const std::string &scheduler,
                   const Halide::Target &target) {
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        alarm(most_seconds);
        const int code = compare(make, scheduler, target);
        std::fflush(stdout);
        _exit(code);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status))
        std::printf("| %s | %s | %s |\n", make(target).name.c_str(), scheduler.c_str(),
                    WTERMSIG(status) == SIGALRM ? "not done in two minutes" : "ends in a crash");
}

}  // namespace

int main() {
    for (const char *plugin : {"mullapudi2016", "adams2019", "li2018"})
        Halide::load_plugin(std::string(UNETFLOW_HALIDE_LIBRARIES "/libautoschedule_") + plugin + ".so");
    const Halide::Target target = Halide::get_host_target();
    using Make = std::function<Layer(const Halide::Target &)>;
    const Make layers[] = {
        [](const auto &t) { return conv3x3(32, 32, 564, t); },
        [](const auto &t) { return conv3x3(256, 256, 60, t); },
        [](const auto &t) { return conv3x3_winograd(32, 32, 564, t); },
        [](const auto &t) { return up_conv2x2(64, 32, 192, t); },
        [](const auto &t) { return max_pool2x2(32, 564, t); },
    };
    std::printf("%s\n\n| layer, channels, side of the input | scheduler | by hand, ms | automatic, ms | ratio | to "
                "compile, s |\n"
                "| --- | --- | --- | --- | --- | --- |\n",
                target.to_string().c_str());
    for (const Make &layer : layers)
        for (const char *scheduler : schedulers) compare_apart(layer, scheduler, target);
}
