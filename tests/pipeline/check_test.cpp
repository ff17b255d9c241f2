#include "pipeline/check.h"
#include "src/base/error.h"
#include "src/stack/stack_writer.h"
#include "tests/sample/written_stack.h"
#include <catch2/catch.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace unet;

namespace {

std::string said(const CheckOptions &options) {
    std::ostringstream text;
    std::streambuf *const stdout_buffer = std::cout.rdbuf(text.rdbuf());
    try {
        run_check(options);
    } catch (...) {
        std::cout.rdbuf(stdout_buffer);
        throw;
    }
    std::cout.rdbuf(stdout_buffer);
    return text.str();
}

// Two pages of 100 x 4 pixels, gray 0 .. 99, the right quarter labelled 255.
struct Data {
    test::TemporaryFolder folder;
    CheckOptions options;

    Data() {
        Classes image(1, 100, 4), label(1, 100, 4);
        for (int y = 0; y < 4; y++)
            for (int x = 0; x < 100; x++) {
                image(x, y) = uint8_t(x);
                label(x, y) = x >= 75 ? 255 : 0;
            }
        write_stack(folder / "images.tif", std::vector<Classes>{image, image});
        write_stack(folder / "labels.tif", std::vector<Classes>{label, label});
        options.images = {(folder / "images.tif").string()};
        options.labels = {(folder / "labels.tif").string()};
    }
};

}  // namespace

TEST_CASE("check says in words what training would see", "[definition][check]") {
    CHECK(said(Data().options) ==
          "Images: 2 pages of 100 x 4 pixels, 1 channel, u8.\n"
          "Pairs: One pair.\n"
          "Gray values: 0 to 99; training maps 0 to 0 and 99 to 1.\n"
          "Labels: two values, 0 and 255.\n"
          "Training: 2 classes. Class 0 is the value 0, 75.0 % of the pixels. Class 1 is the value 255, "
          "25.0 % of the pixels.\n"
          "Weights, so that every class counts alike: 0 0.6667, 255 2.\n"
          "No problem found.\n");
}

TEST_CASE("check tells problems", "[definition][check]") {
    Data data;
    Classes flat(1, 100, 4);
    flat(0, 0) = 9;
    write_stack(data.folder / "images.tif", std::vector<Classes>{flat, flat});
    data.options.ignore_label = 7;
    const std::string words = said(data.options);
    CHECK_THAT(words, Catch::Contains("Problem: The value 7 that is to be ignored does not occur."));
    CHECK_THAT(words, Catch::Contains("99 % of the pixels have the value 0; the extremes are taken instead"));
}

TEST_CASE("check sees pages that differ in brightness", "[definition][check]") {
    Data data;
    const auto write = [&](int factor) {
        std::vector<Array<uint16_t>> pages(3, Array<uint16_t>(1, 100, 4));  // the first one empty
        for (size_t i = 0; i < 400; i++) {
            pages[1].values[i] = uint16_t(i % 100 + 7);
            pages[2].values[i] = uint16_t(i % 100 * factor);
        }
        write_stack(data.folder / "images.tif", pages);
        const Classes label = test::page_of<uint8_t>(100, 4, [](int x, int) { return x > 50; });
        write_stack(data.folder / "labels.tif", std::vector<Classes>(3, label));
    };
    write(3);
    CHECK_THAT(said(data.options), Catch::Contains("No problem found."));
    write(4);
    CHECK_THAT(said(data.options),
               Catch::Contains("Pages differ in brightness: gray values lie within 7 to 106 on one and 0 to 396 on "
                               "another; try train --normalise page."));
}

TEST_CASE("check writes what it found as JSON", "[definition][check]") {
    Data data;
    data.options.json = '-';
    const auto json = nlohmann::json::parse(said(data.options));
    CHECK(json["pages"] == 2);
    CHECK(json["labels"]["kind"] == "binary");
    CHECK(json["labels"]["class_pixels"]["255"] == 200);
    CHECK(json["gray_values"][0]["greatest"] == 99);
    CHECK(json["problems"].empty());
}

TEST_CASE("check refuses what cannot be trained on, with exit code 65", "[error][check]") {
    Data data;
    write_stack(data.folder / "labels.tif", std::vector<Classes>{Classes(1, 100, 4), Classes(1, 100, 4)});
    try {
        said(data.options);
        FAIL("one class only was accepted");
    } catch (const Error &error) {
        CHECK(error.code == Exit::data);
        CHECK_THAT(error.what(), Catch::Contains("labels.tif: every labelled pixel has the value 0"));
    }
}
