// The verb segment, run as a program.
#include "tests/pipeline/model_and_stack.h"
#include <catch2/catch.hpp>

using namespace unet;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

const std::vector<std::string> exact{"--emit", "probabilities", "--probability-type", "f32"};

std::vector<std::string> exact_and(std::vector<std::string> more) {
    more.insert(more.begin(), exact.begin(), exact.end());
    return more;
}

}  // namespace

TEST_CASE("any tile size gives the bytes of the whole image", "[seam][program]") {
    test::ModelAndStack world(150, 130, 2);
    REQUIRE(world.segment("whole.tif", exact_and({"--tile", "1000"})).exit_code == 0);
    for (const char *tile : {"1", "60", "76", "130"}) {
        CAPTURE(tile);
        REQUIRE(world.segment("tiles.tif", exact_and({"--tile", tile, "--overwrite"})).exit_code == 0);
        CHECK(world.bytes("tiles.tif") == world.bytes("whole.tif"));
    }
}

TEST_CASE("a part of a stack has the pixels of that part of the whole", "[seam][program]") {
    test::ModelAndStack world(150, 130, 3);
    REQUIRE(world.segment("whole.tif", exact).exit_code == 0);
    REQUIRE(world.segment("part.tif", exact_and({"--z", "1:3", "--roi", "37,21,100,90", "--tile", "76"})).exit_code ==
            0);
    const ImageStack whole({world.folder / "whole.tif"}), part({world.folder / "part.tif"});
    CHECK(part.shape().width == 100);
    CHECK(part.shape().height == 90);
    CHECK(part.shape().samples == 3);
    REQUIRE(part.shape().pages == 2);
    for (int page = 0; page < 2; page++)
        CHECK(part.read(page, {0, 0, 100, 90}) == whole.read(page + 1, {37, 21, 100, 90}));
}

TEST_CASE("one, two and five threads give the same bytes", "[repeat][program]") {
    test::ModelAndStack world(150, 130, 2);
    const std::vector<std::string> both{"--emit", "classes,probabilities", "--tile", "76"};
    for (const char *threads : {"1", "2", "5"}) {
        std::vector<std::string> more = both;
        more.insert(more.end(), {"--threads", threads});
        REQUIRE(world.segment(std::string(threads) + ".tif", more).exit_code == 0);
    }
    for (const char *kind : {".classes.tif", ".probabilities.tif"}) {
        CHECK(world.bytes(std::string("2") + kind) == world.bytes(std::string("1") + kind));
        CHECK(world.bytes(std::string("5") + kind) == world.bytes(std::string("1") + kind));
    }
}

TEST_CASE("a model that normalises by page does not see how bright a page is", "[seam][program]") {
    test::ModelAndStack world(150, 130, 1);
    test::write_model(world.model, test::small_net, {10, 240}, true);
    const Array<uint8_t> page = test::texture(150, 130, 5);
    std::vector<Array<uint16_t>> pages(2, Array<uint16_t>(1, 150, 130));
    for (size_t i = 0; i < page.values.size(); i++) {
        pages[0].values[i] = page.values[i];
        pages[1].values[i] = uint16_t(4 * page.values[i] + 1000);  // exact in float, and so is what follows
    }
    write_stack(world.stack, pages);
    REQUIRE(world.segment("whole.tif", exact_and({"--tile", "1000"})).exit_code == 0);
    CHECK(test::slice_of(world.folder / "whole.tif", 0) == test::slice_of(world.folder / "whole.tif", 1));

    REQUIRE(world.segment("tiles.tif", exact_and({"--tile", "60", "--threads", "3"})).exit_code == 0);
    CHECK(world.bytes("tiles.tif") == world.bytes("whole.tif"));
    REQUIRE(world.segment("part.tif", exact_and({"--roi", "37,21,100,90"})).exit_code == 0);
    const ImageStack whole({world.folder / "whole.tif"}), part({world.folder / "part.tif"});
    CHECK(part.read(1, {0, 0, 100, 90}) == whole.read(1, {37, 21, 100, 90}));
}

TEST_CASE("classes are those of the highest probability, and types are roundings of each other",
          "[definition][program]") {
    test::ModelAndStack world(90, 70, 1);
    REQUIRE(world.segment("a.tif", {"--emit", "classes,probabilities", "--probability-type", "f32"}).exit_code == 0);
    REQUIRE(world.segment("b.tif", {"--emit", "probabilities"}).exit_code == 0);
    const Pixels classes = test::slice_of(world.folder / "a.classes.tif", 0),
                 p = test::slice_of(world.folder / "a.probabilities.tif", 0),
                 u8 = test::slice_of(world.folder / "b.tif", 0);
    REQUIRE(p.channels == 3);
    bool highest = true, rounded = true;
    std::vector<int> seen(3);
    for (int y = 0; y < 70; y++)
        for (int x = 0; x < 90; x++) {
            const int c = int(classes(0, x, y));
            seen[c]++;
            for (int k = 0; k < 3; k++) {
                highest &= p(c, x, y) >= p(k, x, y);
                rounded &= u8(k, x, y) == std::round(255 * p(k, x, y));
            }
        }
    CHECK(highest);
    CHECK(rounded);
    CHECK(std::count(seen.begin(), seen.end(), 0) <= 1);  // the network does not give one class everywhere
}

TEST_CASE("images smaller than the network's margin are segmented, down to one pixel", "[seam][program]") {
    const auto [width, height] = GENERATE(table<int, int>({{1, 1}, {2, 9}, {31, 3}}));
    CAPTURE(width, height);
    test::ModelAndStack world(width, height, 2);
    REQUIRE(world.segment("classes.tif", {}).exit_code == 0);
    const StackShape shape = ImageStack({world.folder / "classes.tif"}).shape();
    CHECK(shape.width == width);
    CHECK(shape.height == height);
    CHECK(shape.pages == 2);
}

TEST_CASE("a folder as output gets a file per input", "[definition][program]") {
    test::ModelAndStack world(40, 30, 1);
    test::write_texture(world.folder / "other.tif", 25, 61, 1, 8);
    const test::Outcome outcome = test::run({"segment", "--model", world.model, "--input", world.stack,
                                             world.folder / "other.tif", "--output", world.folder / "results/"});
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK(test::names_in(world.folder / "results") == std::vector<std::string>{"other.tif", "stack.tif"});
    CHECK(ImageStack({world.folder / "results/other.tif"}).shape().height == 61);
}

TEST_CASE("several files of one size become one stack in a file", "[definition][program]") {
    test::ModelAndStack world(40, 30, 2);
    test::write_texture(world.folder / "more.tif", 40, 30, 3, 9);
    REQUIRE(test::run({"segment", "--model", world.model, "--input", world.stack, world.folder / "more.tif", "--output",
                       world.folder / "all.tif"})
                .exit_code == 0);
    CHECK(ImageStack({world.folder / "all.tif"}).shape().pages == 5);
}

TEST_CASE("an output that exists stays, unless --overwrite", "[error][program]") {
    test::ModelAndStack world(40, 30, 1);
    std::ofstream(world.folder / "old.tif") << "old";
    const test::Outcome refused = world.segment("old.tif", {});
    CHECK(refused.exit_code == 73);
    CHECK_THAT(refused.err, Contains("old.tif: exists; add --overwrite"));
    CHECK(world.bytes("old.tif") == "old");
    CHECK(world.segment("old.tif", {"--overwrite"}).exit_code == 0);
    CHECK(world.bytes("old.tif").size() > 3);
}

TEST_CASE("--timings says on stderr where the time went, and nothing else changes", "[definition][program]") {
    test::ModelAndStack world(50, 40, 2);
    const test::Outcome plain = world.segment("plain.tif", {"--quiet"}),
                        timed = world.segment("timed.tif", {"--quiet", "--timings"});
    CHECK(plain.err.empty());
    for (const char *stage : {"start", "network", "kernels", "waiting", "wall", "read", "encode", "write"})
        CHECK_THAT(timed.err, Contains(stage));
    CHECK(timed.out == (world.folder / "timed.tif").string() + "\n");
    CHECK(world.bytes("timed.tif") == world.bytes("plain.tif"));
}

TEST_CASE("the probabilities of several models are averaged", "[definition][program]") {
    test::ModelAndStack world(90, 70, 2);
    Model other = load_model(world.model);
    for (size_t i = 0; i < other.parameters.size(); i++) other.parameters.data()[i] *= 1.5f;
    other.normalisation.high[0] += 30;  // each takes gray values its own way
    const std::string second = world.folder / "second.safetensors";
    save_model(second, other);
    const auto segment = [&](const std::vector<std::string> &models, const std::string &output,
                             std::vector<std::string> more) {
        std::vector<std::string> line{"segment", "--input", world.stack, "--output", world.folder / output, "--model"};
        line.insert(line.end(), models.begin(), models.end());
        more = exact_and(more);
        line.insert(line.end(), more.begin(), more.end());
        return test::run(line);
    };
    REQUIRE(segment({world.model}, "a.tif", {}).exit_code == 0);
    REQUIRE(segment({second}, "b.tif", {}).exit_code == 0);
    REQUIRE(segment({world.model, second}, "mean.tif", {}).exit_code == 0);
    REQUIRE(segment({world.model, second}, "tiles.tif", {"--tile", "60", "--threads", "3"}).exit_code == 0);
    CHECK(world.bytes("mean.tif") == world.bytes("tiles.tif"));
    for (int z = 0; z < 2; z++) {
        Pixels mean = test::slice_of(world.folder / "a.tif", z);
        const Pixels b = test::slice_of(world.folder / "b.tif", z);
        for (size_t i = 0; i < mean.values.size(); i++) mean.values[i] = (mean.values[i] + b.values[i]) * 0.5f;
        CHECK(test::slice_of(world.folder / "mean.tif", z) == mean);
    }

    test::write_model(second, {.channels = 1, .classes = 3, .width = 8, .depth = 2, .pooling = Pooling::max});
    const test::Outcome unlike = segment({world.model, second}, "x.tif", {});
    CHECK(unlike.exit_code == 65);
    CHECK_THAT(unlike.err, Contains("other width, depth or pooling"));
}
