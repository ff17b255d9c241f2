// Test-time augmentation: the mean of eight views of the page.
#include "src/tile/frame.h"
#include "tests/pipeline/model_and_stack.h"
#include <catch2/catch.hpp>

using namespace unet;
using Catch::Matchers::Contains;

namespace {

std::vector<std::string> exact_d4(std::vector<std::string> more) {
    const std::vector<std::string> exact{"--emit", "probabilities", "--probability-type", "f32", "--tta", "d4"};
    more.insert(more.begin(), exact.begin(), exact.end());
    return more;
}

}  // namespace

TEST_CASE("d4 is the mean over turned and mirrored images, segmented each as an image of its own",
          "[definition][tta]") {
    test::ModelAndStack world(97, 61, 1);
    REQUIRE(world.segment("d4.tif", exact_d4({})).exit_code == 0);
    const Array<uint8_t> page = test::texture(97, 61, 5);
    Pixels sum;
    for (const Frame &frame : d4_frames()) {
        write_stack(world.folder / "view.tif", std::vector<Array<uint8_t>>{frame.seen(page)});
        REQUIRE(test::run({"segment", "--model", world.model, "--input", world.folder / "view.tif", "--output",
                           world.folder / "answer.tif", "--emit", "probabilities", "--probability-type", "f32",
                           "--overwrite"})
                    .exit_code == 0);
        const Pixels answer = frame.on_page(test::slice_of(world.folder / "answer.tif", 0));
        if (sum.values.empty()) sum = answer;
        else
            for (size_t i = 0; i < sum.values.size(); i++) sum.values[i] += answer.values[i];
    }
    for (float &value : sum.values) value *= 1 / 8.0f;
    CHECK(test::slice_of(world.folder / "d4.tif", 0) == sum);
}

TEST_CASE("d4 gives the same bytes for any tiles, threads and shards, and a part that of the whole", "[seam][tta]") {
    test::ModelAndStack world(230, 190, 2);
    world.check_tiles_and_shards(exact_d4);

    REQUIRE(world.segment("roi.tif", exact_d4({"--roi", "33,41,120,77", "--tile", "92"})).exit_code == 0);
    const ImageStack whole({world.folder / "whole.tif"}), roi({world.folder / "roi.tif"});
    CHECK(roi.read(1, {0, 0, 120, 77}) == whole.read(1, {33, 41, 120, 77}));
    CHECK_THAT(world.bytes("roi.tif"), Contains("<M K=\"tta\">d4</M>"));
}

TEST_CASE("d4 keeps to the memory that was planned, and is not for tiles that overlap", "[error][tta]") {
    test::ModelAndStack world(400, 300, 1);
    const std::string json = world.folder / "plan.json";
    REQUIRE(
        test::run({"plan", "--model", world.model, "--input", world.stack, "--tta", "d4", "--json", json}).exit_code ==
        0);
    const auto planned = nlohmann::json::parse(test::text_of(json))[0]["memory_bytes"].get<long>();
    const test::Outcome outcome = world.segment("out.tif", exact_d4({}));
    REQUIRE(outcome.exit_code == 0);
    CHECK(outcome.peak_bytes < planned);
    const test::Outcome both = world.segment("both.tif", exact_d4({"--overlap", "9"}));
    CHECK(both.exit_code == 64);
    CHECK_THAT(both.err, Contains("--tta: not together with --overlap"));
}
