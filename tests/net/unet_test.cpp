#include "src/base/error.h"
#include "src/net/optimiser.h"
#include "src/tile/mirror_pad.h"
#include "tests/net/samples.h"
#include <catch2/catch.hpp>
#include <cstring>
#include <set>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

using namespace unet;
using namespace unet::test;

namespace {

/// Runs `work` on `threads` threads, more than the machine has if need be.
template<class Work>
void on_threads(int threads, const Work &work) {
    const tbb::global_control allow(tbb::global_control::max_allowed_parallelism, threads);
    tbb::task_arena(threads).execute(work);
}

bool same_bytes(const Parameters &a, const Parameters &b) {
    return std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

constexpr int largest_page = 1 << 20;

/// Probabilities of a whole page, tile by tile.
Pixels segment_tiled(const Architecture &architecture, const Parameters &parameters, const Pixels &image, int tile) {
    const TileGeometry g = geometry(architecture);
    const TilePlan plan(image.width, image.height, 1, tile, g);
    UNet net(architecture, plan.largest_read(), UNet::Use::inference);
    Pixels page(architecture.classes, image.width, image.height);
    for (int64_t i = 0; i < plan.size(); i++) {
        const TileSpot spot = plan[i];
        const Rect source = mirror_source(spot.read, image.width, image.height);
        const Pixels read = mirror_pad(window(image, source), source, spot.read, image.width, image.height);
        const Pixels tile = net.segment(parameters, read);
        for (int y = 0; y < spot.write.height; y++)
            std::copy_n(tile.row(y), size_t(spot.write.width) * page.channels,
                        &page(0, spot.write.x, spot.write.y + y));
    }
    return page;
}

}  // namespace

TEST_CASE("every tile size gives the very bytes of the whole image", "[seam][unet]") {
    const Architecture architecture{.channels = GENERATE(1, 3),
                                    .classes = 3,
                                    .width = GENERATE(5, 16),
                                    .depth = GENERATE(0, 1, 2, 3),
                                    .pooling = GENERATE(Pooling::max, Pooling::average)};
    const int pitch = geometry(architecture).pitch;
    const Size page = GENERATE_COPY(values<Size>(
        {{2 * pitch, 3 * pitch}, {2 * pitch + 1, pitch + 3}, {pitch + pitch / 2, 2 * pitch - 1}, {3 * pitch - 5, 7}}));
    CAPTURE(architecture.width, architecture.depth, page.width, page.height);
    const Parameters parameters = seeded_parameters(architecture, 3);
    const Pixels image = seeded_image(architecture.channels, page, 5);

    const Pixels whole = segment_tiled(architecture, parameters, image, largest_page);
    CHECK(segment_tiled(architecture, parameters, image, 1) == whole);
    CHECK(segment_tiled(architecture, parameters, image, 2 * pitch + 2 * geometry(architecture).margin + 20) == whole);
}

TEST_CASE("layers in strips of rows give the very bytes of whole layers", "[seam][unet]") {
    const Architecture architecture{.channels = GENERATE(1, 2),
                                    .width = GENERATE(5, 16),
                                    .depth = GENERATE(0, 1, 2),
                                    .pooling = GENERATE(Pooling::max, Pooling::average)};
    const TileGeometry g = geometry(architecture);
    const auto fitting = [&](int pixels) { return g.smallest_input + pixels / g.step * g.step; };
    const Size size{fitting(200), fitting(GENERATE(600, 612))};
    CAPTURE(architecture.width, architecture.depth, size.width, size.height);
    const Parameters parameters = seeded_parameters(architecture, 3);
    const Pixels image = seeded_image(architecture.channels, size, 5);
    on_threads(1, [&] {
        UNet whole(architecture, size, UNet::Use::inference, 1 << 30);
        UNet strips(architecture, size, UNet::Use::inference, 1);
        REQUIRE(strips.bytes() < whole.bytes());
        const Pixels expected = whole.segment(parameters, image);
        CHECK(strips.segment(parameters, image) == expected);
        CHECK(strips.segment(parameters, image) == expected);  // what the first pass has left plays no part
    });
}

TEST_CASE("a network gives the same bytes after inputs of other sizes", "[repeat][unet]") {
    const Architecture architecture{.width = 6, .depth = 2};
    const int small = geometry(architecture).smallest_input;
    const Parameters parameters = seeded_parameters(architecture, 3);
    const Pixels wide = seeded_image(1, {small + 64, small + 4}, 1), high = seeded_image(1, {small, small + 100}, 2);
    UNet used(architecture, square(small), UNet::Use::inference),
        fresh(architecture, square(small + 100), UNet::Use::inference);

    const Pixels first = used.segment(parameters, wide);
    used.segment(parameters, high);

    CHECK(used.segment(parameters, wide) == first);
    CHECK(fresh.segment(parameters, wide) == first);
    CHECK_THROWS_WITH(used.segment(parameters, Pixels(1, small, small + 1)), Catch::Contains("input size"));
}

TEST_CASE("probabilities and gradients are the same bytes for 1, 2 and 5 threads", "[repeat][unet]") {
    const Architecture architecture{.classes = 2, .width = GENERATE(16, 20), .depth = 3};
    const int input = geometry(architecture).smallest_input + 40;
    const Parameters parameters = seeded_parameters(architecture, 7);
    const LabelledSample sample = seeded_sample(architecture, input, 11);
    const Dropout dropout{0.5f, 1, 2};

    Pixels first_probabilities;
    Parameters first_gradient(architecture);
    double first_loss = 0;
    for (int threads : {1, 2, 5})
        on_threads(threads, [&] {
            UNet inference(architecture, square(input), UNet::Use::inference),
                training(architecture, square(input), UNet::Use::training);
            Parameters gradient(architecture);
            const Pixels probabilities = inference.segment(parameters, sample.image);
            const double loss =
                training.train(parameters, sample.image, sample.labels, sample.weights, dropout, gradient);
            if (threads == 1) {
                first_probabilities = probabilities;
                first_gradient = gradient;
                first_loss = loss;
            }
            CHECK(probabilities == first_probabilities);
            CHECK(same_bytes(gradient, first_gradient));
            CHECK(loss == first_loss);
        });
}

TEST_CASE("frugal training and strips give the very bytes of training, in less memory", "[repeat][unet]") {
    const Architecture architecture{.width = 8, .depth = GENERATE(0, 1, 3)};
    const TileGeometry g = geometry(architecture);
    const int input = g.smallest_input + 400 / g.step * g.step;
    const Parameters parameters = seeded_parameters(architecture, 1);
    const LabelledSample sample = seeded_sample(architecture, input, 1);
    on_threads(1, [&] {
        CAPTURE(architecture.depth, input);
        const auto train = [&](UNet &net, Parameters &gradient) {
            return net.train(parameters, sample.image, sample.labels, sample.weights, {0.5f, 1, 1}, gradient);
        };
        UNet usual(architecture, square(input), UNet::Use::training, 1 << 30);
        Parameters expected(architecture);
        const double loss = train(usual, expected);
        for (const UNet::Use use : {UNet::Use::training, UNet::Use::frugal_training})
            for (const size_t strip_bytes : {size_t(1), size_t(1) << 30}) {
                UNet net(architecture, square(input), use, strip_bytes);
                Parameters gradient(architecture);
                CHECK(train(net, gradient) == loss);
                CHECK(same_bytes(gradient, expected));
                if (use == UNet::Use::frugal_training && architecture.depth > 0) CHECK(net.bytes() < usual.bytes());
            }
    });
}

TEST_CASE("a layer that is announced on the way back has its gradient, from the last layer to the first",
          "[definition][unet]") {
    const Architecture architecture{.width = 8, .depth = GENERATE(0, 1, 3)};
    const UNet::Use use = GENERATE(UNet::Use::training, UNet::Use::frugal_training);
    const size_t strip_bytes = GENERATE(size_t(1), size_t(1) << 30);
    CAPTURE(architecture.depth, int(use), strip_bytes);
    const TileGeometry g = geometry(architecture);
    const int input = g.smallest_input + 100 / g.step * g.step;
    const Parameters parameters = seeded_parameters(architecture, 1);
    const LabelledSample sample = seeded_sample(architecture, input, 1);
    UNet net(architecture, square(input), use, strip_bytes);
    Parameters gradient(architecture);
    std::vector<std::vector<float>> seen;
    const auto of_layer = [&](size_t i) {
        std::vector<float> values = gradient.get(net.gradient_order().at(i) + ".weight");
        for (const float value : gradient.get(net.gradient_order().at(i) + ".bias")) values.push_back(value);
        return values;
    };
    net.train(parameters, sample.image, sample.labels, sample.weights, {}, gradient, {},
              [&] { seen.push_back(of_layer(seen.size())); });
    const std::vector<std::string> &order = net.gradient_order();
    REQUIRE(seen.size() == gradient.layout().layers.size());
    for (size_t i = 0; i < seen.size(); i++) CHECK(seen[i] == of_layer(i));
    CHECK(order.front() == "head");
    CHECK(order.back() == (architecture.depth ? "encoder.0.conv1" : "bottom.conv1"));
    CHECK(std::set<std::string>(order.begin(), order.end()).size() == order.size());
}

TEST_CASE("a pass leaves nothing behind that the next could see", "[repeat][unet]") {
    const Architecture architecture{.width = 8, .depth = 2};
    const int input = geometry(architecture).smallest_input + 16;
    const Parameters parameters = seeded_parameters(architecture, 1);
    const LabelledSample a = seeded_sample(architecture, input, 1), b = seeded_sample(architecture, input, 2);
    UNet used(architecture, square(input), UNet::Use::training),
        fresh(architecture, square(input), UNet::Use::training);
    Parameters from_used(architecture), from_fresh(architecture);

    used.train(parameters, a.image, a.labels, a.weights, {0.5f, 1, 1}, from_used);
    used.train(parameters, b.image, b.labels, b.weights, {}, from_used);
    fresh.train(parameters, b.image, b.labels, b.weights, {}, from_fresh);

    CHECK(same_bytes(from_used, from_fresh));
}

TEST_CASE("the padding of parameters stays 0 through steps of training", "[definition][unet]") {
    const OptimiserMethod method = GENERATE(OptimiserMethod::sgd, OptimiserMethod::adam);
    const Architecture architecture{.channels = 3, .classes = 3, .width = 5, .depth = 2};
    const int input = geometry(architecture).smallest_input;
    Parameters parameters = seeded_parameters(architecture, 1), gradient(architecture);
    Optimiser optimiser(architecture, {.method = method});
    UNet net(architecture, square(input), UNet::Use::training);
    for (int step = 0; step < 3; step++) {
        const LabelledSample sample = seeded_sample(architecture, input, 100 + step);
        net.train(parameters, sample.image, sample.labels, sample.weights, {0.5f, 3, uint64_t(step)}, gradient);
        optimiser.step(parameters, gradient, 0.01);
    }
    Parameters without_padding(architecture);
    for (const Parameters::Tensor &tensor : parameters.tensors())
        without_padding.set(tensor.name, parameters.get(tensor.name));
    CHECK(same_bytes(parameters, without_padding));
}

TEST_CASE("a network that gave its memory back in between learns the same", "[repeat][unet]") {
    const Architecture architecture{.width = 6, .depth = 2};
    const int input = geometry(architecture).smallest_input;
    const Parameters parameters = seeded_parameters(architecture, 1);
    const LabelledSample sample = seeded_sample(architecture, input, 4);
    Parameters expected(architecture), gradient(architecture);
    UNet net(architecture, square(input), UNet::Use::training);
    const auto train = [&](Parameters &to) {
        return net.train(parameters, sample.image, sample.labels, sample.weights, {}, to);
    };
    const double loss = train(expected);
    const size_t bytes = net.bytes();
    net.release();
    CHECK(net.bytes() == 0);
    CHECK(train(gradient) == loss);
    CHECK(net.bytes() == bytes);
    CHECK(same_bytes(gradient, expected));
}

TEST_CASE("a sample without any pixel that counts teaches nothing", "[definition][unet]") {
    const Architecture architecture{.width = 4, .depth = 1};
    const int input = geometry(architecture).smallest_input;
    LabelledSample sample = seeded_sample(architecture, input, 1);
    std::fill(sample.labels.values.begin(), sample.labels.values.end(), ignored);
    Parameters gradient(architecture);
    UNet net(architecture, square(input), UNet::Use::training);

    CHECK(net.train(seeded_parameters(architecture, 1), sample.image, sample.labels, sample.weights, {}, gradient) ==
          0);
    CHECK(same_bytes(gradient, Parameters(architecture)));
}

TEST_CASE("parameters survive the way to PyTorch's order and back", "[definition][parameters]") {
    const Architecture architecture{.channels = 2, .classes = 3, .width = 3, .depth = 1};
    const Parameters parameters = seeded_parameters(architecture, 9);
    Parameters copy(architecture);
    for (const Parameters::Tensor &tensor : parameters.tensors()) copy.set(tensor.name, parameters.get(tensor.name));
    CHECK(same_bytes(copy, parameters));
    CHECK(parameters.tensors().front().name == "encoder.0.conv1.weight");
    CHECK(parameters.tensors().front().shape == std::vector<int>{3, 2, 3, 3});
}

TEST_CASE("parts of a tensor, one behind the other, are the tensor", "[definition][parameters]") {
    const Architecture architecture{.channels = 2, .classes = 3, .width = 3, .depth = 1};
    const Parameters parameters = seeded_parameters(architecture, 9);
    const int piece = GENERATE(1, 2, 100);
    for (const Parameters::Tensor &tensor : parameters.tensors()) {
        CAPTURE(tensor.name, piece);
        const int length = tensor.shape.front();
        std::vector<float> all;
        for (int first = 0; first < length; first += piece) {
            const std::vector<float> part = parameters.get(tensor.name, first, std::min(piece, length - first));
            all.insert(all.end(), part.begin(), part.end());
        }
        CHECK(all == parameters.get(tensor.name));
        CHECK_THROWS_AS(parameters.get(tensor.name, 1, length), Error);
    }
}

TEST_CASE("he_initialise draws with variance 2 / fan-in and leaves biases 0", "[definition][parameters]") {
    Parameters parameters({.width = 32, .depth = 2});
    he_initialise(parameters, 4);
    const std::vector<float> weights = parameters.get("bottom.conv2.weight");  // 128 x 128 x 9: fan-in 1152
    double sum = 0, squares = 0;
    for (float w : weights) {
        sum += w;
        squares += double(w) * w;
    }
    const double expected = 2.0 / 1152;
    // The mean of n squares of normals has relative deviation sqrt(2 / n) = 0.0037; five of these.
    CHECK(squares / weights.size() == Approx(expected).epsilon(0.02));
    CHECK(std::abs(sum / weights.size()) < 5 * std::sqrt(expected / weights.size()));
    for (float bias : parameters.get("bottom.conv2.bias")) CHECK(bias == 0);
}
