#include "src/base/error.h"
#include "src/base/random.h"
#include "src/report/png_file.h"
#include "tests/temporary_folder.h"
#include <catch2/catch.hpp>
#include <cstring>
#include <png.h>

using namespace unet;

namespace {

Array<uint8_t> read_png(const std::filesystem::path &path) {
    png_image image;
    std::memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    REQUIRE(png_image_begin_read_from_file(&image, path.c_str()));
    const int channels = image.format & PNG_FORMAT_FLAG_COLOR ? 3 : 1;
    image.format = channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    Array<uint8_t> pixels(channels, int(image.width), int(image.height));
    REQUIRE(png_image_finish_read(&image, nullptr, pixels.values.data(), 0, nullptr));
    return pixels;
}

}  // namespace

TEST_CASE("A PNG holds the pixels that were written", "[definition][png]") {
    const auto [channels, width, height] =
        GENERATE(table<int, int, int>({{1, 1, 1}, {3, 1, 1}, {1, 17, 5}, {3, 31, 300}}));
    CAPTURE(channels, width, height);
    Array<uint8_t> pixels(channels, width, height);
    Random random(1, uint64_t(width));
    for (uint8_t &value : pixels.values) value = uint8_t(random.below(256));
    const test::TemporaryFolder folder;

    write_png(folder / "picture.png", pixels);

    CHECK(read_png(folder / "picture.png") == pixels);
    CHECK(!std::filesystem::exists(folder / "picture.png.part"));
}

TEST_CASE("A PNG that cannot be created is said to be, and leaves nothing behind", "[error][png]") {
    const test::TemporaryFolder folder;
    const auto path = folder / "missing" / "picture.png";
    try {
        write_png(path, Array<uint8_t>(1, 2, 2));
        FAIL("no error");
    } catch (const Error &error) {
        CHECK(error.code == Exit::cannot_create);
        CHECK(std::string(error.what()) == path.string() + ": cannot be created; check the folder and its permissions");
    }
    CHECK(!std::filesystem::exists(folder / "missing"));
}

TEST_CASE("A PNG on a full disk is an error of writing", "[error][png]") {
    if (!std::filesystem::exists("/dev/full")) return;
    const test::TemporaryFolder folder;
    std::filesystem::create_symlink("/dev/full", folder / "picture.png.part");
    try {
        write_png(folder / "picture.png", Array<uint8_t>(3, 100, 100));
        FAIL("no error");
    } catch (const Error &error) {
        CHECK(error.code == Exit::io);
    }
    CHECK(!std::filesystem::exists(folder / "picture.png"));
}

TEST_CASE("Two channels are no PNG", "[error][png]") {
    const test::TemporaryFolder folder;
    CHECK_THROWS_AS(write_png(folder / "picture.png", Array<uint8_t>(2, 4, 4)), Error);
}
