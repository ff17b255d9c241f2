// What bad input gets: one line and an exit code, and nothing under the output's name.
#include "tests/pipeline/small_world.h"
#include <catch2/catch.hpp>
#include <limits>

using namespace unet;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

struct BadInputs {
    test::TemporaryFolder folder;
    std::string model = folder / "model.safetensors", good = folder / "good.tif", labels = folder / "labels.tif";

    BadInputs() {
        test::write_model(model, test::small_net);
        test::write_texture(good, 64, 64, 2, 5);
        test::write_labels(labels, 64, 64, 2, 5);
    }
    std::string path(const std::string &name) { return folder / name; }

    /// Bytes [0, size) of a file under another name.
    std::string cut(const std::string &from, const std::string &to, size_t size) {
        std::ofstream(folder / to, std::ios::binary) << test::text_of(from).substr(0, size);
        return folder / to;
    }
    test::Outcome segment(const std::string &with_model, const std::string &input) {
        return test::run({"segment", "--model", with_model, "--input", input, "--output", folder / "out.tif"});
    }
    test::Outcome train(const std::string &images, const std::string &with_labels) {
        return test::run({"train", "--images", images, "--labels", with_labels, "--model", folder / "new.safetensors",
                          "--width", "2", "--depth", "1", "--tile", "60", "--steps", "2"});
    }
    void check(const test::Outcome &outcome, int exit_code, const std::string &message) {
        CAPTURE(outcome.err);
        CHECK(outcome.exit_code == exit_code);
        const std::string last = outcome.err.substr(
            outcome.err.rfind("unetflow: ") == std::string::npos ? 0 : outcome.err.rfind("unetflow: "));
        CHECK(std::count(last.begin(), last.end(), '\n') == 1);
        CHECK_THAT(last, Contains(message));
        for (const char *name : {"out.tif", "out.tif.part", "new.safetensors", "new.safetensors.part"})
            CHECK_FALSE(fs::exists(folder / name));
    }
};

}  // namespace

TEST_CASE("bad images are refused by name", "[error][input]") {
    BadInputs world;
    const size_t size = fs::file_size(world.good);
    std::ofstream(world.path("empty.tif")).flush();
    std::ofstream(world.path("text.tif")) << "this is not a TIFF";
    fs::create_directory(world.path("folder.tif"));
    test::write_texture(world.path("rgb.tif"), 64, 64, 1, 5, 3);

    world.check(world.segment(world.model, world.path("missing.tif")), 66, "missing.tif");
    world.check(world.segment(world.model, world.path("empty.tif")), 65, "empty.tif");
    world.check(world.segment(world.model, world.path("text.tif")), 65, "text.tif");
    world.check(world.segment(world.model, world.path("folder.tif")), 66, "folder.tif");
    world.check(world.segment(world.model, world.cut(world.good, "half.tif", size / 2)), 65, "half.tif");
    world.check(world.segment(world.model, world.cut(world.good, "short.tif", size - 100)), 65, "short.tif");
    world.check(world.segment(world.model, world.path("rgb.tif")), 65, "has 3 channels");
}

TEST_CASE("pages of unequal size are refused with the page", "[error][input]") {
    BadInputs world;
    test::write_texture(world.path("wide.tif"), 70, 64, 1, 5);
    const test::Outcome outcome = test::run({"segment", "--model", world.model, "--input", world.good,
                                             world.path("wide.tif"), "--output", world.path("out.tif")});
    world.check(outcome, 65, "wide.tif");
}

TEST_CASE("pixels that are no numbers are refused with their place", "[error][input]") {
    BadInputs world;
    Pixels image(1, 64, 64, 100.0f);
    image(20, 30) = std::numeric_limits<float>::quiet_NaN();
    write_stack(world.path("nan.tif"), std::vector<Pixels>{image});
    world.check(world.segment(world.model, world.path("nan.tif")), 65, "nan.tif");
    world.check(world.train(world.path("nan.tif"), world.labels), 65, "nan.tif");
}

TEST_CASE("a gray value beyond what the network can hold is refused, not segmented", "[error][input]") {
    BadInputs world;
    write_stack(world.path("huge.tif"), std::vector<Pixels>{Pixels(1, 64, 64, 3e38f)});
    test::write_model(world.path("faint.safetensors"), test::small_net, {0, 0.001f});
    world.check(world.segment(world.path("faint.safetensors"), world.path("huge.tif")), 65, "huge.tif");
}

TEST_CASE("bad models are refused by name", "[error][input]") {
    BadInputs world;
    const size_t size = fs::file_size(world.model);
    std::ofstream(world.path("empty.safetensors")).flush();
    std::ofstream(world.path("noise.safetensors")) << std::string(5000, 'x');

    world.check(world.segment(world.path("missing.safetensors"), world.good), 66, "missing.safetensors");
    world.check(world.segment(world.path("empty.safetensors"), world.good), 65, "empty.safetensors");
    world.check(world.segment(world.path("noise.safetensors"), world.good), 65, "noise.safetensors");
    world.check(world.segment(world.cut(world.model, "short.safetensors", size - 4), world.good), 65,
                "short.safetensors");
    world.check(world.segment(world.cut(world.model, "half.safetensors", size / 2), world.good), 65,
                "half.safetensors");
}

TEST_CASE("a model whose tensors are those of another architecture is refused", "[error][input]") {
    BadInputs world;
    std::string bytes = test::text_of(world.model);
    const size_t at = bytes.find("encoder.1.conv1.weight");
    REQUIRE(at != std::string::npos);
    bytes.replace(at, 22, "encoder.7.conv1.weight");
    std::ofstream(world.path("other.safetensors"), std::ios::binary) << bytes;
    world.check(world.segment(world.path("other.safetensors"), world.good), 65, "other.safetensors");
}

TEST_CASE("labels that do not match their images are refused", "[error][input]") {
    BadInputs world;
    test::write_labels(world.path("wide.tif"), 70, 64, 2, 5);
    test::write_labels(world.path("few.tif"), 64, 64, 1, 5);
    world.check(world.train(world.good, world.path("wide.tif")), 65, "wide.tif");
    world.check(world.train(world.good, world.path("few.tif")), 65, "few.tif");
    world.check(world.train(world.good, world.path("missing.tif")), 66, "missing.tif");
}

TEST_CASE("labels of one class are refused", "[error][input]") {
    BadInputs world;
    write_stack(world.path("one.tif"), std::vector(2, Array<uint8_t>(1, 64, 64, 255)));
    world.check(world.train(world.good, world.path("one.tif")), 65, "one class");
}

TEST_CASE("an output that cannot be written is refused at once", "[error][input]") {
    BadInputs world;
    const std::string below_file = world.good + "/out.tif";
    world.check(test::run({"segment", "--model", world.model, "--input", world.good, "--output", below_file}), 73,
                "good.tif");
    world.check(
        test::run({"segment", "--model", world.model, "--input", world.good, "--output", "/proc/nowhere/x.tif"}), 73,
        "/proc/nowhere");
    world.check(test::run({"train", "--images", world.good, "--labels", world.labels, "--model",
                           "/proc/nowhere/x.safetensors"}),
                73, "/proc/nowhere");
    world.check(
        test::run({"segment", "--model", world.model, "--input", world.good, "--output", world.good, "--overwrite"}),
        73, "is an input too");
}

TEST_CASE("parts that a stack does not have are refused", "[error][input]") {
    BadInputs world;
    const auto part = [&](const std::string &option, const std::string &value) {
        return test::run({"segment", "--model", world.model, "--input", world.good, "--output", world.path("out.tif"),
                          option, value});
    };
    world.check(part("--z", "1:3"), 64, "has slices 0 to 1");
    world.check(part("--roi", "60,0,5,5"), 64, "which is 64 x 64");
}

TEST_CASE("an input is never replaced by a result", "[error][input]") {
    BadInputs world;
    const std::string link = world.path("link.tif");
    fs::create_hard_link(world.labels, link);
    const std::vector<std::vector<std::string>> commands{
        {"segment", "--model", world.model, "--input", world.good, "--output", world.model, "--overwrite"},
        {"train", "--images", world.good, "--labels", world.labels, "--model", world.good, "--overwrite"},
        {"train", "--images", world.good, "--labels", world.labels, "--model", link, "--overwrite"},
        {"info", world.good, "--json", world.good},
        {"check", "--images", world.good, "--labels", world.labels, "--json", world.labels},
        {"evaluate", "--prediction", world.labels, "--truth", world.labels, "--json", world.labels},
        {"picture", "--image", world.good, "--output", world.good}};
    const std::string model = test::text_of(world.model), good = test::text_of(world.good),
                      labels = test::text_of(world.labels);
    for (const std::vector<std::string> &command : commands) {
        CAPTURE(command.front());
        world.check(test::run(command), 73, "is an input too");
        CHECK(test::text_of(world.model) == model);
        CHECK(test::text_of(world.good) == good);
        CHECK(test::text_of(world.labels) == labels);
    }
}

TEST_CASE("an output without a name is a wrong command line", "[error][input]") {
    BadInputs world;
    world.check(test::run({"segment", "--model", world.model, "--input", world.good, "--output", ""}), 64, "no name");
    world.check(test::run({"train", "--images", world.good, "--labels", world.labels, "--model", ""}), 64, "no name");
}
