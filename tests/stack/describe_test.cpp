#include "src/stack/describe.h"
#include "tests/stack/tiff_builder.h"

using namespace unet;

namespace {

FileDescription describe_case(const std::string &file) { return describe_file(test::tiff_case(file).path()); }

}  // namespace

TEST_CASE("a description agrees with what was written", "[definition][describe]") {
    for (const test::TiffCase &expected : test::tiff_cases()) {
        CAPTURE(expected.file);
        const FileDescription file = describe_file(expected.path());
        CHECK(file.pages == uint64_t(expected.pages));
        CHECK(file.layout.width == uint32_t(expected.width));
        CHECK(file.layout.height == uint32_t(expected.height));
        CHECK(file.layout.samples == expected.samples);
        CHECK(file.layout.planar == (expected.file.find("planes") != std::string::npos));
        CHECK(file.big_endian == (expected.file.find("-be") != std::string::npos));
        CHECK(file.big == (expected.file.find("big") != std::string::npos));
        CHECK(file.obstacle.empty());
        CHECK(file.stored_bytes <= file.file_bytes);
        CHECK(file.file_bytes == std::filesystem::file_size(expected.path()));
    }
}

TEST_CASE("layout and codec are those of the file", "[definition][describe]") {
    const PageLayout strips = describe_case("u8-lzw-strips.tif").layout,
                     tiles = describe_case("f32-zstd-float.tif").layout;
    CHECK_FALSE(strips.tiled);
    CHECK(strips.block_width == 37);
    CHECK(strips.block_height == 5);
    CHECK(compression_name(strips.compression) == "lzw");
    CHECK(strips.predictor == 1);
    CHECK(tiles.tiled);
    CHECK(tiles.block_width == 32);
    CHECK(tiles.block_height == 16);
    CHECK(compression_name(tiles.compression) == "zstd");
    CHECK(tiles.predictor == 3);
    CHECK(describe_case("u12.tif").layout.stored_type() == "u12");
    CHECK(describe_case("f16-le.tif").layout.stored_type() == "f16");
    CHECK(photometric_name(describe_case("palette.tif").layout.photometric) == "palette");
    CHECK(photometric_name(describe_case("min-is-white.tif").layout.photometric) == "gray inverted");
}

TEST_CASE("axes come from OME and ImageJ, or are called pages", "[definition][describe]") {
    CHECK(describe_case("imagej-hyperstack.tif").axes ==
          std::vector<Axis>{{'T', 2}, {'Z', 3}, {'C', 2}, {'Y', 21}, {'X', 37}});
    CHECK(describe_case("stack.ome.tif").axes == std::vector<Axis>{{'Z', 4}, {'Y', 21}, {'X', 37}});
    CHECK(describe_case("seven-pages.tif").axes == std::vector<Axis>{{'I', 7}, {'Y', 21}, {'X', 37}});
    CHECK(describe_case("two-samples-interleaved.tif").axes == std::vector<Axis>{{'Y', 21}, {'X', 37}, {'S', 2}});
    CHECK(describe_case("imagej-one-directory.tif").one_directory);
    CHECK_FALSE(describe_case("imagej-hyperstack.tif").metadata.empty());
}

TEST_CASE("smaller copies are counted but are no pages", "[definition][describe]") {
    const FileDescription file = describe_case("thumbnail-first.tif");
    CHECK(file.directories == 3);
    CHECK(file.auxiliary == 1);
    CHECK(file.pages == 2);
    CHECK(describe_case("pyramid.ome.tif").layout.sub_directories == 1);
}

TEST_CASE("a file that is whole but no stack is described with the obstacle", "[definition][describe]") {
    const test::TemporaryFolder folder;
    const uint64_t second = 16 + test::TiffBuilder::directory_bytes(test::gray_page_entries);
    const uint64_t pixels = second + test::TiffBuilder::directory_bytes(test::gray_page_entries);
    test::TiffBuilder()
        .directory(test::gray_page(8, 8, pixels, 64), second)
        .directory(test::gray_page(4, 8, pixels, 32))
        .append(64)
        .write(folder / "mixed.tif");
    const FileDescription file = describe_file(folder / "mixed.tif");
    CHECK(file.pages == 2);
    CHECK_THAT(file.obstacle, Catch::Contains("page 1 (from 0) is 4 x 8"));
}

TEST_CASE("a file with a byte less than its pixels need is not described as good", "[error][describe]") {
    const test::TemporaryFolder folder;
    const uint64_t pixels = 16 + test::TiffBuilder::directory_bytes(test::gray_page_entries);
    const size_t missing = GENERATE(0, 1, 63, 64);
    test::TiffBuilder().directory(test::gray_page(8, 8, pixels, 64)).append(64 - missing).write(folder / "a.tif");
    if (missing == 0) {
        CHECK(describe_file(folder / "a.tif").obstacle.empty());
        return;
    }
    const Error error = test::error_of([&] { describe_file(folder / "a.tif"); });
    CHECK(error.code == Exit::data);
    CHECK_THAT(error.what(), Catch::Contains("page 0 (from 0): strip 0 needs bytes"));
}
