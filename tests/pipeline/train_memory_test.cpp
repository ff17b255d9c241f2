// What `train` says about its memory, and what it takes.
#include "tests/pipeline/small_world.h"
#include <catch2/catch.hpp>

using namespace unet;

namespace {

using Words = std::vector<std::string>;

/// "...; 123 MB of memory": in bytes.
uint64_t predicted_bytes(const std::string &text) {
    const size_t end = text.find(" MB of memory"), begin = text.rfind("; ", end);
    REQUIRE(end != std::string::npos);
    return uint64_t(std::stod(text.substr(begin + 2, end - begin - 2)) * 1e6);
}

}  // namespace

TEST_CASE("what `train` predicts is not exceeded", "[definition][train_memory]") {
    test::TemporaryFolder folder;
    const std::string images = folder / "images.tif", labels = folder / "labels.tif";
    test::write_texture(images, 400, 300, 4, 5);
    test::write_labels(labels, 400, 300, 4, 5);
    for (const Words &more :
         {Words{"--threads", "1", "--validation", "0"}, Words{"--threads", "4", "--validation", "0"},
          Words{"--threads", "2", "--memory-saver", "--batch", "2", "--label-kind", "instances"},
          Words{"--threads", "2", "--validation-by", "blocks", "--optimiser", "sgd", "--validate-every", "1"}}) {
        CAPTURE(more);
        Words line{"train",
                   "--images",
                   images,
                   "--labels",
                   labels,
                   "--model",
                   folder / "model.safetensors",
                   "--overwrite",
                   "--width",
                   "16",
                   "--depth",
                   "3",
                   "--tile",
                   "400",
                   "--steps",
                   "2",
                   "--checkpoint-every",
                   "0.01s"};
        line.insert(line.end(), more.begin(), more.end());
        const test::Outcome outcome = test::run(line);
        CAPTURE(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        const uint64_t predicted = predicted_bytes(outcome.err);
        CHECK(uint64_t(outcome.peak_bytes) <= predicted);
        CHECK(uint64_t(outcome.peak_bytes) > predicted / 3);
    }
}
