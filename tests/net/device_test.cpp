// Networks on a device, which here is PoCL: what is copied, and that results depend on nothing else than they do on
// CPUs.
#include "src/kernels/device_memory.h"
#include "src/net/optimiser.h"
#include "tests/families.h"
#include "tests/net/samples.h"
#include <HalideRuntime.h>
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <optional>

using namespace unet;
using namespace unet::test;

namespace {

/// What is copied from its start on.
class Copies {
public:
    int64_t uploads() const { return DeviceCopies::count().uploads - before_.uploads; }
    int64_t downloads() const { return DeviceCopies::count().downloads - before_.downloads; }

private:
    DeviceCopies before_ = DeviceCopies::count();
};

int host_temporaries;

/// Counts the temporaries that kernels take on the host while it lives.
class CountedTemporaries {
public:
    CountedTemporaries() {
        host_temporaries = 0;
        real_ = halide_set_custom_malloc([](void *, size_t bytes) -> void * {
            host_temporaries += bytes > 0;  // one that lies on the device is asked for with no bytes
            return std::aligned_alloc(128, (bytes + 127) / 128 * 128);
        });
        real_free_ = halide_set_custom_free([](void *, void *pointer) { std::free(pointer); });
    }
    ~CountedTemporaries() { halide_set_custom_malloc(real_), halide_set_custom_free(real_free_); }

private:
    halide_malloc_t real_;
    halide_free_t real_free_;
};

const Architecture small_net{.channels = 2, .classes = 3, .width = 16, .depth = 2};

}  // namespace

TEST_CASE("on a device, a pass to segment brings in an image and takes out its probabilities, no more",
          "[definition][device]") {
    if (!opencl_or_skip()) return;
    const UseKernels used(*opencl_or_skip());
    const Parameters parameters = seeded_parameters(small_net, 3);
    const int input = geometry(small_net).smallest_input;
    const Pixels image = seeded_image(small_net.channels, square(input), 5);
    UNet net(small_net, square(input), UNet::Use::inference);
    const PreparedWeights prepared(parameters, PreparedWeights::Use::inference);
    net.segment(prepared, image);

    const CountedTemporaries counted;
    const Copies copies;
    net.segment(prepared, image);

    CHECK(copies.uploads() == 1);
    CHECK(copies.downloads() == 1);
    CHECK(host_temporaries == 0);
}

TEST_CASE("on a device, a pass to train takes out the loss of each row and, at its end, the gradient",
          "[definition][device]") {
    if (!opencl_or_skip()) return;
    const UseKernels used(*opencl_or_skip());
    const UNet::Use use = GENERATE(UNet::Use::training, UNet::Use::frugal_training);
    const Parameters parameters = seeded_parameters(small_net, 3);
    const int input = geometry(small_net).smallest_input;
    const LabelledSample sample = seeded_sample(small_net, input, 5);
    Parameters gradient(small_net);
    UNet net(small_net, square(input), use);

    const CountedTemporaries counted;
    const Copies copies;
    int announced = 0, there = 0;
    net.train(parameters, sample.image, sample.labels, sample.weights, {0.5f, 1, 2}, gradient, {}, [&] {
        const std::string &layer = net.gradient_order().at(size_t(announced++));
        there += gradient.get(layer + ".bias").front() != 0;
    });

    CHECK(announced == int(net.gradient_order().size()));
    CHECK(there == announced);
    CHECK(copies.uploads() == 4);  // parameters, image, labels, their weights
    CHECK(copies.downloads() == 2);
    CHECK(host_temporaries == 0);
}

TEST_CASE("on a device, the same pass gives the same bytes again, and a window those of the whole", "[seam][device]") {
    if (!opencl_or_skip()) return;
    const UseKernels used(*opencl_or_skip());
    const TileGeometry g = geometry(small_net);
    const int small = int(g.input_for(g.pitch)), large = small + g.pitch;
    const Parameters parameters = seeded_parameters(small_net, 3);
    const Pixels image = seeded_image(small_net.channels, square(large), 5);
    UNet net(small_net, square(large), UNet::Use::inference);

    const Pixels whole = net.segment(parameters, image);
    CHECK(net.segment(parameters, image) == whole);
    const Pixels part = net.segment(parameters, window(image, {g.pitch, g.pitch, small, small}));
    const Rect first_cell{0, 0, g.pitch, g.pitch}, second_cell{g.pitch, g.pitch, g.pitch, g.pitch};
    CHECK(window(part, first_cell) == window(whole, second_cell));
}

TEST_CASE("on a device, training is the same bytes again, whatever is kept for the way back, or was in the gradient",
          "[repeat][device]") {
    if (!opencl_or_skip()) return;
    const UseKernels used(*opencl_or_skip());
    const int input = geometry(small_net).smallest_input;
    const Parameters parameters = seeded_parameters(small_net, 3);
    const LabelledSample sample = seeded_sample(small_net, input, 5);
    const auto gradient_of = [&](UNet::Use use, Parameters gradient = Parameters(small_net)) {
        UNet(small_net, square(input), use)
            .train(parameters, sample.image, sample.labels, sample.weights, {0.5f, 1, 2}, gradient);
        return gradient;
    };
    const auto same = [](const Parameters &a, const Parameters &b) {
        return std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
    };
    const Parameters first = gradient_of(UNet::Use::training);
    CHECK(same(gradient_of(UNet::Use::training, seeded_parameters(small_net, 7)), first));
    CHECK(same(gradient_of(UNet::Use::frugal_training), first));
}

TEST_CASE("on a device, what stays there between steps is not copied, and learns as what comes anew",
          "[repeat][device]") {
    if (!opencl_or_skip()) return;
    const UseKernels used(*opencl_or_skip());
    const int input = geometry(small_net).smallest_input;
    UNet net(small_net, square(input), UNet::Use::training);
    const auto trained = [&](bool stay) {
        Parameters parameters = seeded_parameters(small_net, 3), gradient(small_net);
        Optimiser optimiser(small_net, {.largest_gradient = 1e-3});
        ParameterSets sets = optimiser.memory();
        sets["parameters"] = &parameters, sets["gradient"] = &gradient;
        for (const auto &[name, set] : sets)
            if (stay) set->keep_on_device();
        std::vector<double> losses;
        for (uint64_t step = 0; step < 3; step++) {
            const LabelledSample sample = seeded_sample(small_net, input, step);
            const Copies copies;
            losses.push_back(net.train(parameters, sample.image, sample.labels, sample.weights, {}, gradient));
            optimiser.step(parameters, gradient, 0.01);
            if (stay) CHECK(copies.uploads() == 3);    // image, labels, their weights
            if (stay) CHECK(copies.downloads() == 2);  // losses of rows, sums of squares
        }
        parameters.to_host();
        return std::pair(losses, parameters.get("decoder.0.conv1.weight"));
    };
    const auto stayed = trained(true);
    CHECK(bool(stayed == trained(false)));
    CHECK(bool(stayed.second != seeded_parameters(small_net, 3).get("decoder.0.conv1.weight")));
}

TEST_CASE("a part that begins where the device lets none begin is worked on all the same", "[definition][device]") {
    if (!opencl_or_skip()) return;
    const UseKernels used(*opencl_or_skip());
    std::vector<float> x(256, 1.0f), y(256, 2.0f);
    const auto on_x = DeviceMemory::copy_of(x.data(), x.size() * sizeof(float)),
               on_y = DeviceMemory::copy_of(y.data(), y.size() * sizeof(float));
    const int first = GENERATE(0, 16, 17, 128);
    CHECK(on_x->may_begin_at(x.data() + first) == (first % 32 == 0));  // PoCL asks for 128 bytes
    const Vector from(y.data() + first, 64), to(x.data() + first, 64);
    run(kernels().axpby, to, from, 1.0f, 1.0f, to);
    on_x->download();
    for (int i = 0; i < 256; i++) CHECK(x[size_t(i)] == (i >= first && i < first + 64 ? 3 : 1));
}

TEST_CASE("on a device, what kernels are given begins where NVIDIA's OpenCL lets it, on a CPU as close as before",
          "[definition][device]") {
    if (!opencl_or_skip()) return;
    const ParameterLayout on_cpu(small_net);
    const size_t bytes_on_cpu = Tensor(16, {37, 21}).bytes();
    const UseKernels used(*opencl_or_skip());
    const ParameterLayout layout(small_net);
    CHECK(layout.size == on_cpu.size);
    for (const DenseLayout &layer : layout.layers) {
        CHECK(layer.filter[0] * sizeof(float) % 512 == 0);
        CHECK(layer.bias * sizeof(float) % 512 == 0);
        CHECK(layer.bias == on_cpu[layer.name].bias);
    }
    Tensor tensor(16, {37, 21});
    tensor.place(nullptr);
    CHECK(tensor.bytes() > bytes_on_cpu);
    CHECK(tensor.bytes() < bytes_on_cpu + 512);
    CHECK(tensor.bytes() % 512 == tensor.whole_bytes() % 512);
    CHECK(reinterpret_cast<size_t>(tensor.stored().data()) % 512 == 0);
}

TEST_CASE("memory in the place of other memory keeps what it is given", "[definition][device]") {
    if (!opencl_or_skip()) return;
    std::vector<float> values(1000, 1.0f);
    CHECK(DeviceMemory::in_place_of(values.data(), values.size() * sizeof(float)) == nullptr);  // kernels of the CPU
    const UseKernels used(*opencl_or_skip());
    auto memory = DeviceMemory::in_place_of(values.data(), values.size() * sizeof(float));
    CHECK(DeviceMemory::in_place_of(values.data(), values.size() * sizeof(float)) == memory);
    CHECK(DeviceMemory::holding(values.data() + 999) == memory.get());
    CHECK(DeviceMemory::holding(values.data() + 1000) == nullptr);
    memory->upload();
    std::fill(values.begin(), values.end(), 2.0f);
    memory->upload(values.data() + 512, 32 * sizeof(float));
    memory->download();
    CHECK(std::count(values.begin(), values.end(), 1.0f) == 968);
    CHECK(values[512] == 2);
    CHECK(values[543] == 2);
    memory.reset();
    CHECK(DeviceMemory::holding(values.data()) == nullptr);
}
