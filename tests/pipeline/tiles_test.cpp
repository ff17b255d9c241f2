#include "pipeline/segment_stack.h"
#include "pipeline/threads.h"
#include "src/base/random.h"
#include "src/net/model.h"
#include "tests/pipeline/small_world.h"
#include <catch2/catch.hpp>
#include <rapidcheck.h>

using namespace unet;

namespace {

/// Probabilities of an image, all bytes in the order of bands.
std::vector<uint8_t> segmented(const PreparedWeights &weights, const Array<uint8_t> &image, int tile, int threads) {
    std::vector<uint8_t> bytes;
    with_threads(threads, [&] {
        Timings timings(Timings::Clock::now());
        const StackShape shape{.width = image.width,
                               .height = image.height,
                               .samples = 1,
                               .pages = 1,
                               .type = SampleType::u8,
                               .voxel = {}};
        const Normalisation normalisation{.low = {10}, .high = {240}};
        const auto read = [&](int, Rect region) {
            Pixels part(1, region.width, region.height);
            for (int y = 0; y < region.height; y++)
                for (int x = 0; x < region.width; x++) part(0, x, y) = float(image(0, region.x + x, region.y + y));
            return part;
        };
        const RegionPlan plan =
            plan_region(shape, weights.parameters().architecture(), tile, {0, 1}, {0, 0, image.width, image.height});
        const SegmentJob job{
            "image", shape, read, {{&weights, &normalisation}}, plan, {{true, SampleType::f32}}, segment_limits(threads),
            timings};
        segment_stack(
            job, [&](size_t, const Band &band) { bytes.insert(bytes.end(), band.bytes.begin(), band.bytes.end()); },
            [] {});
    });
    return bytes;
}

}  // namespace

TEST_CASE("any size, tile, depth and number of threads gives the bytes of one tile and one thread", "[seam][tiles]") {
    CHECK(rc::check("tiles leave no seams", [] {
        const Architecture net{.channels = 1,
                               .classes = *rc::gen::inRange(2, 4),
                               .width = *rc::gen::inRange(1, 9),
                               .depth = *rc::gen::inRange(0, 4),
                               .pooling = Pooling::max};
        const int width = *rc::gen::inRange(1, 260), height = *rc::gen::inRange(1, 260);
        const int tile = *rc::gen::inRange(1, 300), threads = *rc::gen::inRange(1, 5);
        Parameters parameters(net);
        he_initialise(parameters, *rc::gen::inRange(1, 1000));
        const PreparedWeights weights(parameters, PreparedWeights::Use::inference);
        const Array<uint8_t> image = test::texture(width, height, 3);
        RC_ASSERT(segmented(weights, image, tile, threads) == segmented(weights, image, 1 << 12, 1));
    }));
}
