// The verb label, run as a program.
#include "src/stack/stack_reader.h"
#include "src/stack/stack_writer.h"
#include "tests/pipeline/run_program.h"
#include <catch2/catch.hpp>

using namespace unet;

namespace {

Classes class_page(std::vector<uint8_t> values) {
    Classes page(1, int(values.size()), 1);
    page.values = std::move(values);
    return page;
}

std::vector<uint32_t> ids_of(const std::filesystem::path &file, int page) {
    const StackReader reader({file});
    return reader.read_ids(page, {0, 0, reader.shape().width, reader.shape().height}).values;
}

}  // namespace

TEST_CASE("label numbers objects through all slices", "[definition][label]") {
    const test::TemporaryFolder folder;
    write_stack(folder / "classes.tif", std::vector<Classes>{class_page({1, 1, 0, 1}), class_page({0, 1, 0, 2})});
    const auto label = [&](std::vector<std::string> more) {
        std::vector<std::string> line{"label", "--input", folder / "classes.tif", "--output", folder / "objects.tif"};
        line.insert(line.end(), more.begin(), more.end());
        return test::run(line);
    };
    const test::Outcome outcome = label({});
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK(outcome.out == (folder / "objects.tif").string() + "\n");
    CHECK_THAT(outcome.err, Catch::Contains("3 objects"));
    CHECK(ids_of(folder / "objects.tif", 0) == std::vector<uint32_t>{1, 1, 0, 2});
    CHECK(ids_of(folder / "objects.tif", 1) == std::vector<uint32_t>{0, 3, 0, 0});
    CHECK(StackReader({folder / "objects.tif"}).shape().type == SampleType::u16);

    CHECK(label({}).exit_code == 73);
    REQUIRE(label({"--overwrite", "--foreground", "2"}).exit_code == 0);
    CHECK(ids_of(folder / "objects.tif", 1) == std::vector<uint32_t>{0, 0, 0, 1});
    REQUIRE(label({"--overwrite", "--min-size", "2"}).exit_code == 0);
    CHECK(ids_of(folder / "objects.tif", 0) == std::vector<uint32_t>{1, 1, 0, 0});
}

TEST_CASE("label writes one file per input into a folder, each numbered from 1", "[definition][label]") {
    const test::TemporaryFolder folder;
    write_stack(folder / "a.tif", std::vector<Classes>{class_page({1, 0, 1})});
    write_stack(folder / "b.tif", std::vector<Classes>{class_page({0, 1, 1, 0, 1})});  // of another size
    const test::Outcome outcome = test::run(
        {"label", "--input", folder / "a.tif", folder / "b.tif", "--output", (folder / "objects").string() + "/"});
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK_THAT(outcome.err, Catch::Contains("4 objects"));
    CHECK(ids_of(folder / "objects/a.tif", 0) == std::vector<uint32_t>{1, 0, 2});
    CHECK(ids_of(folder / "objects/b.tif", 0) == std::vector<uint32_t>{0, 1, 1, 0, 2});
}

TEST_CASE("label takes 32 bits where 65535 numbers are not enough", "[definition][label]") {
    const test::TemporaryFolder folder;
    Classes dots(1, 520, 520);  // taller than a band
    for (int y = 0; y < 520; y += 2)
        for (int x = 0; x < 520; x += 2) dots(x, y) = 1;
    write_stack(folder / "classes.tif", std::vector<Classes>{dots});
    REQUIRE(test::run({"label", "--input", folder / "classes.tif", "--output", folder / "objects.tif"}).exit_code == 0);
    CHECK(StackReader({folder / "objects.tif"}).shape().type == SampleType::u32);
    CHECK(ids_of(folder / "objects.tif", 0)[518 * 520 + 518] == 260 * 260);
}

TEST_CASE("label reads probabilities", "[definition][label]") {
    const test::TemporaryFolder folder;
    Pixels answer(2, 5, 1);
    answer.values = {0.05f, 0.95f, 0.4f, 0.6f, 0.05f, 0.95f, 0.9f, 0.1f, 0.1f, 0.9f};
    write_stack(folder / "p.tif", std::vector<Pixels>{answer});
    const auto objects = [&](std::vector<std::string> more) {
        std::vector<std::string> line{"label",    "--input",        folder / "p.tif",
                                      "--output", folder / "o.tif", "--overwrite"};
        line.insert(line.end(), more.begin(), more.end());
        const test::Outcome outcome = test::run(line);
        CAPTURE(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        return ids_of(folder / "o.tif", 0);
    };
    CHECK(objects({}) == std::vector<uint32_t>{1, 1, 1, 0, 2});
    CHECK(objects({"--threshold", "0.7"}) == std::vector<uint32_t>{1, 0, 2, 0, 3});
    CHECK(objects({"--method", "watershed"}) == std::vector<uint32_t>{1, 1, 2, 0, 3});
    CHECK(objects({"--method", "shape", "--smoothing", "0"}) == std::vector<uint32_t>{1, 1, 1, 0, 2});
    CHECK(objects({"--grow", "1"}) == std::vector<uint32_t>{1, 1, 1, 1, 2});
}

TEST_CASE("label says when there is no such class", "[error][label]") {
    const test::TemporaryFolder folder;
    write_stack(folder / "p.tif", std::vector<Pixels>{Pixels(2, 5, 1, 0.5f)});
    const test::Outcome refused =
        test::run({"label", "--input", folder / "p.tif", "--output", folder / "q.tif", "--foreground", "7"});
    CHECK(refused.exit_code == 65);
    CHECK_THAT(refused.err, Catch::Contains("there is no class 7"));
    CHECK_FALSE(std::filesystem::exists(folder / "q.tif"));
}
