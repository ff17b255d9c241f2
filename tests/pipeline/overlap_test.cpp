// `segment --overlap`: tiles that overlap, averaged.
#include "pipeline/segment_stack.h"
#include "pipeline/threads.h"
#include "src/net/geometry.h"
#include "src/net/unet.h"
#include "src/tile/mirror_pad.h"
#include "tests/pipeline/model_and_stack.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <cstring>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <thread>

using namespace unet;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

using Words = std::vector<std::string>;

Words joined(Words a, const Words &b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

/// Two pages of two bands and many tiles, with neighbours that pool at other pixels.
struct OverlapWorld : test::ModelAndStack {
    Words options{"--emit", "classes,probabilities", "--probability-type", "f32", "--tile", "236", "--overlap", "77"};

    OverlapWorld() : ModelAndStack(300, 700, 2) {}
    test::Outcome blended(const std::string &output, const Words &more = {}) {
        return segment(output, joined(options, more));
    }
    Words line(const std::string &output, const Words &more = {}) {
        return joined({"segment", "--model", model, "--input", stack, "--output", folder / output},
                      joined(options, more));
    }
    bool same(const std::string &a, const std::string &b) {
        return bytes(a + ".classes.tif") == bytes(b + ".classes.tif") &&
               bytes(a + ".probabilities.tif") == bytes(b + ".probabilities.tif");
    }
    Pixels read(const std::string &name, int page, Rect region) {
        return ImageStack({folder / name}).read(page, region);
    }
};

/// Every tile of a page by itself, added up over the whole page in plan order; weights all alike.
Pixels mean_of_tiles(const PreparedWeights &weights, const Pixels &page, const TilePlan &plan) {
    const Architecture &architecture = weights.parameters().architecture();
    UNet net(architecture, plan.largest_read(), UNet::Use::inference);
    Pixels sums(architecture.classes, page.width, page.height);
    const auto covering = [&](int x, int y) {
        int count = 0;
        for (int64_t i = 0; i < plan.size(); i++) {
            const Rect c = plan[i].cover;
            count += x >= c.x && x < c.x + c.width && y >= c.y && y < c.y + c.height;
        }
        return count;
    };
    for (int64_t i = 0; i < plan.size(); i++) {
        const TileSpot spot = plan[i];
        const Rect source = mirror_source(spot.read, page.width, page.height);
        Pixels window(1, source.width, source.height);
        for (int y = 0; y < source.height; y++)
            for (int x = 0; x < source.width; x++) window(0, x, y) = page(0, source.x + x, source.y + y);
        const Pixels p = net.segment(weights, mirror_pad(window, source, spot.read, page.width, page.height));
        for (int y = 0; y < spot.cover.height; y++)
            for (int x = 0; x < spot.cover.width; x++) {
                const int u = spot.cover.x + x, v = spot.cover.y + y;
                const float weight = 1 / float(covering(u, v));
                for (int k = 0; k < p.channels; k++) sums(k, u, v) += weight * p(k, x, y);
            }
    }
    return sums;
}

}  // namespace

TEST_CASE("overlapping tiles of the network are averaged as the definition says", "[definition][overlap]") {
    const auto [width, height, tile, overlap] =
        GENERATE(table<int, int, int, int>({{150, 130, 76, 17}, {150, 130, 100, 27}, {60, 300, 140, 49}}));
    CAPTURE(width, height, tile, overlap);
    Parameters parameters(test::small_net);
    he_initialise(parameters, 3);
    const PreparedWeights weights(parameters, PreparedWeights::Use::inference);
    const Array<uint8_t> image = test::texture(width, height, 3);
    Pixels page(1, width, height);
    for (size_t i = 0; i < page.values.size(); i++) page.values[i] = float(image.values[i]) / 256;
    const TilePlan plan(width, height, 1, tile, geometry(test::small_net), overlap);
    const StackShape shape{
        .width = width, .height = height, .samples = 1, .pages = 1, .type = SampleType::u8, .voxel = {}};
    const Normalisation as_it_is{.low = {0}, .high = {1}};
    std::vector<uint8_t> bytes;
    with_threads(3, [&, width = width, height = height] {
        Timings timings(Timings::Clock::now());
        const auto read = [&](int, Rect region) {
            Pixels part(1, region.width, region.height);
            for (int y = 0; y < region.height; y++)
                for (int x = 0; x < region.width; x++) part(0, x, y) = page(0, region.x + x, region.y + y);
            return part;
        };
        const SegmentJob job{"image",
                             shape,
                             read,
                             {{&weights, &as_it_is}},
                             RegionPlan(plan, {0, 1}, {0, 0, width, height}),
                             {{true, SampleType::f32}},
                             segment_limits(3),
                             timings,
                             BlendForm::mean};
        segment_stack(
            job, [&](size_t, const Band &band) { bytes.insert(bytes.end(), band.bytes.begin(), band.bytes.end()); },
            [] {});
    });

    const Pixels expected = mean_of_tiles(weights, page, plan);
    REQUIRE(plan.size() > 2);
    REQUIRE(bytes.size() == expected.values.size() * sizeof(float));
    bool equal = true;
    for (int k = 0; k < 3; k++)
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) {
                float value;
                std::memcpy(&value, &bytes[((size_t(k) * height + y) * width + x) * sizeof(float)], sizeof value);
                equal &= value == std::min(expected(k, x, y), 1.0f);
            }
    CHECK(equal);
}

TEST_CASE("with an overlap, threads, shards and memory do not change a byte", "[repeat][overlap]") {
    OverlapWorld world;
    const Words blend{"--blend", GENERATE("mean", "gaussian")};
    CAPTURE(blend);
    REQUIRE(world.blended("1.tif", joined({"--threads", "1"}, blend)).exit_code == 0);
    for (const char *threads : {"2", "5"}) {
        REQUIRE(world.blended(std::string(threads) + ".tif", joined({"--threads", threads}, blend)).exit_code == 0);
        CHECK(world.same(threads, "1"));
    }
    REQUIRE(world.blended("few.tif", joined({"--tiles-in-flight", "1", "--max-ram", "200M"}, blend)).exit_code == 0);
    CHECK(world.same("few", "1"));
    Words parts;
    for (const char *shard : {"0", "1", "2", "3"}) {  // one band each
        const Words more{"--shard", std::string(shard) + "/4"};
        REQUIRE(world.blended("part" + std::string(shard) + ".tif", joined(blend, more)).exit_code == 0);
        parts.push_back(world.folder / ("part" + std::string(shard) + ".probabilities.tif"));
    }
    const test::Outcome merged = test::run(joined({"merge", "--output", world.folder / "merged.tif"}, parts));
    CAPTURE(merged.err);
    REQUIRE(merged.exit_code == 0);
    CHECK(world.bytes("merged.tif") == world.bytes("1.probabilities.tif"));
}

TEST_CASE("a part of a blended stack has the pixels of that part of the whole", "[seam][overlap]") {
    OverlapWorld world;
    REQUIRE(world.blended("whole.tif").exit_code == 0);
    const auto [x, y, width, height] =
        GENERATE(table<int, int, int, int>({{37, 21, 100, 640}, {119, 238, 70, 60}, {299, 699, 1, 1}}));
    const std::string roi = fmt::format("{},{},{},{}", x, y, width, height);
    CAPTURE(roi);
    REQUIRE(world.blended("part.tif", {"--z", "1:2", "--roi", roi}).exit_code == 0);
    for (const char *kind : {".classes.tif", ".probabilities.tif"})
        CHECK(world.read(std::string("part") + kind, 0, {0, 0, width, height}) ==
              world.read(std::string("whole") + kind, 1, {x, y, width, height}));
}

TEST_CASE("a blended run that was stopped goes on to the same bytes, and only as it began", "[repeat][overlap]") {
    OverlapWorld world;
    test::write_model(world.model, {.channels = 1, .classes = 3, .width = 32, .depth = 2});  // takes a second
    REQUIRE(world.blended("whole.tif").exit_code == 0);
    const fs::path journal = world.folder / "o.classes.tif.journal";
    test::Running running = test::start(world.line("o.tif"));
    const auto lines = [&] {
        const std::string text = test::text_of(journal);
        return std::count(text.begin(), text.end(), '\n');
    };
    while (!running.ended() && lines() < 2) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    running.send(SIGTERM);
    REQUIRE(running.wait().exit_code == 75);

    const auto refused = [&](Words changed, const std::string &fact) {
        std::swap(world.options, changed);
        const test::Outcome outcome = world.blended("o.tif");
        std::swap(world.options, changed);
        CHECK(outcome.exit_code == 65);
        CHECK_THAT(outcome.err, Contains("o.classes.tif.journal: was made with " + fact));
    };
    const Words outputs(world.options.begin(), world.options.begin() + 4);
    refused(joined(outputs, {"--tile", "240", "--overlap", "77"}), "tile '236', not '240'");
    refused(joined(outputs, {"--tile", "236", "--overlap", "73"}), "overlap '77', not '73'");
    refused(joined(world.options, {"--blend", "gaussian"}), "blend 'mean', not 'gaussian'");
    refused(joined(outputs, {"--tile", "236"}), "blend 'mean', not nothing");

    const test::Outcome again = world.blended("o.tif", {"--threads", "3"});
    CHECK(again.exit_code == 0);
    CHECK_THAT(again.err, Contains("o.classes.tif: goes on after "));
    CHECK(world.same("o", "whole"));
}

TEST_CASE("an overlap says so in the file, none leaves the file as it was", "[definition][overlap]") {
    OverlapWorld world;
    REQUIRE(world.segment("default.tif", {}).exit_code == 0);
    REQUIRE(world.segment("none.tif", {"--overlap", "0", "--blend", "mean", "--tile", "236"}).exit_code == 0);
    CHECK(world.bytes("none.tif") == world.bytes("default.tif"));
    REQUIRE(world.blended("blended.tif").exit_code == 0);
    const std::string blended = world.bytes("blended.probabilities.tif");
    for (const char *entry : {R"("overlap">77<)", R"("blend">mean<)", R"("tile">236<)"})
        CHECK_THAT(blended, Contains(entry));
}

TEST_CASE("classes are those of the averaged probabilities, and averages differ from what one tile gives",
          "[definition][overlap]") {
    OverlapWorld world;
    REQUIRE(world.blended("mean.tif").exit_code == 0);
    REQUIRE(world.blended("gaussian.tif", {"--blend", "gaussian"}).exit_code == 0);
    REQUIRE(world.segment("exact.tif", {"--emit", "probabilities", "--probability-type", "f32"}).exit_code == 0);
    const Rect page{0, 0, 300, 700};
    const Pixels classes = world.read("mean.classes.tif", 0, page), p = world.read("mean.probabilities.tif", 0, page);
    const Pixels gaussian = world.read("gaussian.probabilities.tif", 0, page), exact = world.read("exact.tif", 0, page);
    bool highest = true, within = true;
    for (int y = 0; y < page.height; y++)
        for (int x = 0; x < page.width; x++)
            for (int k = 0; k < 3; k++) {
                highest &= p(int(classes(0, x, y)), x, y) >= p(k, x, y);
                within &= p(k, x, y) >= 0 && p(k, x, y) <= 1;
            }
    CHECK(highest);
    CHECK(within);
    CHECK(p != exact);
    CHECK(gaussian != exact);
    CHECK(gaussian != p);
    // Where only the first tile is, nothing is averaged.
    const Rect alone{0, 0, 118, 118};
    CHECK(world.read("gaussian.probabilities.tif", 0, alone) == world.read("exact.tif", 0, alone));
}

TEST_CASE("a page that one tile covers is exact with an overlap, too", "[seam][overlap]") {
    const auto [width, height] = GENERATE(table<int, int>({{1, 1}, {190, 3}, {150, 130}}));
    CAPTURE(width, height);
    test::ModelAndStack world(width, height, 1);
    const Words outputs{"--emit", "probabilities", "--probability-type", "f32"};
    REQUIRE(world.segment("exact.tif", outputs).exit_code == 0);
    for (const char *form : {"mean", "gaussian"}) {
        const Words more{"--tile", "236", "--overlap", "77", "--blend", form, "--overwrite"};
        REQUIRE(world.segment("one.tif", joined(outputs, more)).exit_code == 0);
        CHECK(test::slice_of(world.folder / "one.tif", 0) == test::slice_of(world.folder / "exact.tif", 0));
    }
}

TEST_CASE("an overlap that cannot be is refused with the largest, before any work", "[error][overlap]") {
    test::ModelAndStack world(300, 300, 1);
    const auto refused = [&](const Words &more, const std::string &fact) {
        const test::Outcome outcome = world.segment("o.tif", more);
        CHECK(outcome.exit_code == 64);
        CHECK_THAT(outcome.err, Contains(fact));
        CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
        CHECK(test::names_in(world.folder / "") == Words{"model.safetensors", "stack.tif"});
    };
    refused({"--tile", "236", "--overlap", "99"}, "--overlap 99: must be 97 at most");
    refused({"--tile", "236", "--overlap", "75"}, "--overlap 75: tiles of 236 would begin 120 pixels apart");
    refused({"--tile", "236", "--overlap", "-1"}, "--overlap -1: must be");
    refused({"--tile", "236", "--overlap", "77", "--blend", "median"}, "--blend median: must be one of mean|gaussian");
    refused({"--tile", "236", "--overlap", "77", "--max-ram", "40M"}, "--tile 236: with --overlap tiles stay as large");
    test::write_model(world.model, {.channels = 1, .classes = 3, .width = 128, .depth = 2});
    test::write_texture(world.stack, 3000, 3000, 1, 5);
    refused({"--tile", "3000", "--overlap", "77", "--roi", "0,0,9,9"}, "one of these takes too long to be interrupted");
}

TEST_CASE("the sums of tiles that overlap are part of what `plan` says, which is not exceeded",
          "[definition][overlap]") {
    test::ModelAndStack world(2000, 700, 1);
    const auto planned = [&](const Words &more) {
        const test::Outcome outcome = test::run(joined(
            {"plan", "--model", world.model, "--input", world.stack, "--threads", "2", "--tile", "596", "--json", "-"},
            more));
        CAPTURE(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        return nlohmann::json::parse(outcome.out).at(0);
    };
    const Words overlap{"--overlap", "277", "--blend", "gaussian"};
    const nlohmann::json exact = planned({}), blended = planned(overlap);
    const uint64_t row_of_sums = uint64_t(277) * 2000 * 3 * sizeof(float);
    CHECK(blended.at("memory").at("bands") >= exact.at("memory").at("bands").get<uint64_t>() + row_of_sums);
    CHECK(blended.at("memory").at("tiles") > exact.at("memory").at("tiles"));
    CHECK(blended.at("tiles") == 2 * 7);
    const test::Outcome run = world.segment("o.tif", joined({"--threads", "2", "--tile", "596", "--quiet"}, overlap));
    CHECK(run.exit_code == 0);
    CHECK(uint64_t(run.peak_bytes) <= blended.at("memory_bytes").get<uint64_t>());
    const test::Outcome text = test::run(joined({"plan", "--model", world.model, "--input", world.stack}, overlap));
    CHECK_THAT(text.out, Contains("overlapping by 277, averaged by gaussian weights: not exact"));
}
