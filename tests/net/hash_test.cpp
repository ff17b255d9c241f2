// The same bytes on every FMA target, today and tomorrow: hashes of seeded networks are checked in.
#include "src/kernels/kernels.h"
#include "src/net/optimiser.h"
#include "tests/families.h"
#include "tests/net/samples.h"
#include <catch2/catch.hpp>
#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

using namespace unet;
using namespace unet::test;

namespace {

std::string hash(const std::vector<float> &values) {
    return fmt::format("{:016x}", XXH3_64bits(values.data(), values.size() * sizeof(float)));
}

/// All weights, in PyTorch's order: independent of how they are stored.
std::string hash(const Parameters &parameters) {
    std::vector<float> all;
    for (const Parameters::Tensor &tensor : parameters.tensors()) {
        const std::vector<float> values = parameters.get(tensor.name);
        all.insert(all.end(), values.begin(), values.end());
    }
    return hash(all);
}

struct Hashes {
    std::string scores, probabilities, weights;
    bool operator==(const Hashes &) const = default;
};

std::ostream &operator<<(std::ostream &out, const Hashes &h) {
    return out << "{\"" << h.scores << "\", \"" << h.probabilities << "\", \"" << h.weights << "\"}";
}

/// Scores and probabilities of a seeded image, and the weights after three steps of SGD.
Hashes hashes_of(const Architecture &architecture) {
    const int input = geometry(architecture).smallest_input + 8 * geometry(architecture).step;
    Parameters parameters = seeded_parameters(architecture, 42), gradient(architecture);
    Optimiser optimiser(architecture, {.method = OptimiserMethod::sgd, .momentum = 0.99});
    UNet inference(architecture, square(input), UNet::Use::inference),
        training(architecture, square(input), UNet::Use::training);
    Hashes hashes;
    const Pixels image = seeded_image(architecture.channels, square(input), 43);
    hashes.probabilities = hash(inference.segment(parameters, image).values);
    hashes.scores = hash(inference.scores(parameters, image).values);
    for (int step = 0; step < 3; step++) {
        const LabelledSample sample = seeded_sample(architecture, input, 44 + step);
        training.train(parameters, sample.image, sample.labels, sample.weights, {0.5f, 45, uint64_t(step)}, gradient);
        optimiser.step(parameters, gradient, 0.01);
    }
    hashes.weights = hash(parameters);
    return hashes;
}

}  // namespace

TEST_CASE("seeded networks give the checked-in bytes on every target with fused multiply-add", "[repeat][hash]") {
    const auto [architecture, expected] = GENERATE(table<Architecture, Hashes>({
        {{.channels = 1, .classes = 2, .width = 16, .depth = 2},
         {"a0100cfadda28276", "f5e3015302c6a32f", "f9542d311b42972a"}},
        {{.channels = 3, .classes = 3, .width = 5, .depth = 3, .pooling = Pooling::average},
         {"ea510d3c855a822e", "2afefe06c9e05951", "d1f342f8b2ffae76"}},
        {{.channels = 1, .classes = 2, .width = 64, .depth = 1},
         {"3a880d0f87db5943", "0fcfba177a7f9165", "18eb36cf3e36adaa"}},
        // Kernels transform the filters of the bottom; the hashes are those of filters transformed before.
        {{.channels = 1, .classes = 2, .width = 64, .depth = 2},
         {"4b7b157e53a3f764", "996c30304f0d8bd8", "427ecce4e9c968cc"}},
    }));
    for (const Kernels &target : available_kernels()) {
        if (target.name != "avx512" && target.name != "avx2") continue;
        use_kernels(target.name);
        CAPTURE(target.name, architecture.width);
        CHECK(hashes_of(architecture) == expected);
    }
    use_kernels(available_kernels().front().name);
}

TEST_CASE("seeded networks with images in float16 give the checked-in bytes", "[repeat][hash][float16]") {
    const auto [architecture, expected] = GENERATE(table<Architecture, std::string>({
        {{.channels = 1, .classes = 2, .width = 16, .depth = 2}, "21a50349473fa148"},
        {{.channels = 3, .classes = 3, .width = 5, .depth = 3, .pooling = Pooling::average}, "1bc166ac9eaac8e0"},
        {{.channels = 1, .classes = 2, .width = 64, .depth = 2}, "95bfc7b522849bbb"},
    }));
    if (!float16_or_skip()) return;
    const UseFloat16 used;
    const int input = geometry(architecture).smallest_input + 8 * geometry(architecture).step;
    UNet net(architecture, square(input), UNet::Use::inference);
    const Pixels image = seeded_image(architecture.channels, square(input), 43);
    CAPTURE(architecture.width, architecture.depth);
    CHECK(hash(net.segment(seeded_parameters(architecture, 42), image).values) == expected);
}
