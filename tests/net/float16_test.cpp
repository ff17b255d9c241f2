// Networks that keep their images as float16: what that changes, and what it does not.
#include "src/kernels/kernels.h"
#include "tests/families.h"
#include "tests/net/samples.h"
#include <algorithm>
#include <cmath>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

using namespace unet;
using namespace unet::test;

namespace {

constexpr Architecture deep_net{.channels = 1, .classes = 3, .width = 16, .depth = 3};

double largest_change(const Pixels &a, const Pixels &b) {
    double largest = 0;
    for (size_t i = 0; i < a.values.size(); i++)
        largest = std::max(largest, std::abs(double(a.values[i]) - b.values[i]));
    return largest;
}

}  // namespace

TEST_CASE("probabilities of a network in float16 are those in float32 but for its rounding", "[definition][float16]") {
    if (!float16_or_skip()) return;
    const auto architecture = GENERATE(
        values<Architecture>({{.channels = 1, .classes = 2, .width = 16, .depth = 0},
                              {.channels = 3, .classes = 3, .width = 5, .depth = 3, .pooling = Pooling::average},
                              {.channels = 1, .classes = 2, .width = 64, .depth = 2},
                              {.channels = 1, .classes = 4, .width = 16, .depth = 4}}));
    CAPTURE(architecture.width, architecture.depth);
    const Size size = square(geometry(architecture).smallest_input + 2 * geometry(architecture).step);
    const Parameters parameters = seeded_parameters(architecture, 3);
    const Pixels image = seeded_image(architecture.channels, size, 5);
    UNet usual(architecture, size, UNet::Use::inference);
    const Pixels scores = usual.scores(parameters, image), probabilities = usual.segment(parameters, image);

    const UseFloat16 used;
    UNet net(architecture, size, UNet::Use::inference);
    const double change = largest_change(net.scores(parameters, image), scores);

    // Each image is rounded by 2^-12 of its values or less, by this over the root of 3 in the mean, and of either sign:
    // errors of all images add like the sides of right angles. Five times that is one pixel in a million.
    const double images = 5 * architecture.depth + 2;
    const double largest = std::abs(*std::ranges::max_element(scores.values, {}, [](float s) { return std::abs(s); }));
    CHECK(change > 0);
    CHECK(change < 5 * std::sqrt(images / 3) / 4096 * largest);
    // The slope of a softmax: p (1 - p) times the change of a score beside the others', up to 1/4 of twice the largest.
    CHECK(largest_change(net.segment(parameters, image), probabilities) < change / 2 + 1e-6);
}

TEST_CASE("images in float16 take the memory that was planned, half of that in float32", "[definition][float16]") {
    if (!float16_or_skip()) return;
    const Architecture architecture{.width = GENERATE(16, 20), .depth = GENERATE(1, 3)};
    const size_t strip_bytes = GENERATE(size_t(1) << 20, whole_layers);
    CAPTURE(architecture.width, architecture.depth, strip_bytes);
    const TileGeometry g = geometry(architecture);
    const Size size = square(g.smallest_input + 300 / g.step * g.step);
    const size_t usual = UNet::planned_bytes(architecture, size, UNet::Use::inference, strip_bytes);

    const UseFloat16 used;
    const size_t planned = UNet::planned_bytes(architecture, size, UNet::Use::inference, strip_bytes);
    FloatBufferCount::reset_peak();
    const size_t before = FloatBufferCount::peak_bytes();
    const UNet net(architecture, size, UNet::Use::inference, strip_bytes);

    CHECK(net.bytes() == planned);
    CHECK(FloatBufferCount::peak_bytes() - before == planned);
    CHECK(planned < usual);
    if (strip_bytes != whole_layers) return;  // strips are cut by what they write: in float16 each has more rows
    CHECK(double(planned) / double(usual) > 0.49);
    CHECK(double(planned) / double(usual) < 0.52);  // the network's own image stays float32
}

TEST_CASE("in float16, too, a window gives the very bytes of the whole image", "[seam][float16]") {
    if (!float16_or_skip()) return;
    const UseFloat16 used;
    const TileGeometry g = geometry(deep_net);
    const int small = int(g.input_for(g.pitch)), large = small + g.pitch;
    const Parameters parameters = seeded_parameters(deep_net, 3);
    const Pixels image = seeded_image(deep_net.channels, square(large), 5);
    UNet net(deep_net, square(large), UNet::Use::inference);
    const Pixels whole = net.segment(parameters, image);
    const Rect cell{0, 0, g.pitch, g.pitch};
    for (const auto &[x, y] : {std::pair(0, 0), {g.pitch, 0}, {0, g.pitch}, {g.pitch, g.pitch}}) {
        CAPTURE(x, y);
        const Pixels part = net.segment(parameters, window(image, {x, y, small, small}));
        CHECK(window(part, cell) == window(whole, {x, y, g.pitch, g.pitch}));
    }
}

TEST_CASE("in float16, too, strips and threads change no byte", "[repeat][float16]") {
    if (!float16_or_skip()) return;
    const UseFloat16 used;
    const TileGeometry g = geometry(deep_net);
    const Size size{g.smallest_input + 8 * g.step, g.smallest_input + 60 * g.step};
    const Parameters parameters = seeded_parameters(deep_net, 3);
    const Pixels image = seeded_image(deep_net.channels, size, 5);
    Pixels expected;
    for (const int threads : {1, 2, 5})
        for (const size_t strip_bytes : {whole_layers, size_t(1)}) {
            CAPTURE(threads, strip_bytes);
            const tbb::global_control allow(tbb::global_control::max_allowed_parallelism, size_t(threads));
            const Pixels found = tbb::task_arena(threads).execute(
                [&] { return UNet(deep_net, size, UNet::Use::inference, strip_bytes).segment(parameters, image); });
            if (expected.values.empty()) expected = found;
            CHECK(found == expected);
        }
}
