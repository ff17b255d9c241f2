#include "src/base/random.h"
#include "src/stack/stack_reader.h"
#include "src/stack/stack_writer.h"
#include "tests/stack/support.h"
#include <thread>

using namespace unet;
using test::TiffCase;

namespace {

void check_pixels(const TiffCase &expected, const Pixels &pixels, int page, Rect region) {
    size_t wrong = 0;
    for (int y = 0; y < region.height; y++)
        for (int x = 0; x < region.width; x++)
            for (int k = 0; k < expected.samples; k++)
                wrong += pixels(k, x, y) != float(expected.value(page, region.y + y, region.x + x, k));
    CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("every file written by tifffile is read pixel by pixel as it was written", "[definition][reader]") {
    for (const TiffCase &expected : test::tiff_cases()) {
        CAPTURE(expected.file);
        const StackReader stack({expected.path()});
        const StackShape &shape = stack.shape();
        CHECK(shape.pages == expected.pages);
        CHECK(shape.height == expected.height);
        CHECK(shape.width == expected.width);
        CHECK(shape.samples == expected.samples);
        CHECK(sample_type_name(shape.type) == expected.type);
        for (int page = 0; page < expected.pages; page++)
            check_pixels(expected, stack.read(page, test::whole(shape)), page, test::whole(shape));
    }
}

TEST_CASE("voxel sizes come from OME-XML, ImageJ's description or resolution tags", "[definition][reader]") {
    for (const TiffCase &expected : test::tiff_cases()) {
        CAPTURE(expected.file);
        const VoxelSize voxel = StackReader({expected.path()}).shape().voxel;
        CHECK(voxel.x == Approx(expected.voxel.x));
        CHECK(voxel.y == Approx(expected.voxel.y));
        CHECK(voxel.z == Approx(expected.voxel.z));
        CHECK(voxel.unit == expected.voxel.unit);
    }
}

TEST_CASE("any region equals the same part of the whole page", "[definition][reader]") {
    const std::string file =
        GENERATE("u8-le.tif", "u16-be.tif", "u1.tif", "u12.tif", "u1-lzw-tiles.tif", "u16-zstd-tiles.tif",
                 "f32-deflate-float.tif", "three-planes-tiles-deflate.tif", "three-planes-strips.tif",
                 "five-interleaved-tiles-be.tif", "imagej-one-directory-be.tif", "one-strip.tif");
    const TiffCase expected = test::tiff_case(file);
    const StackReader stack({expected.path()});
    Random random(1, 0);
    for (int i = 0; i < 50; i++) {
        const int x = int(random.below(expected.width)), y = int(random.below(expected.height));
        const Rect region{x, y, 1 + int(random.below(expected.width - x)), 1 + int(random.below(expected.height - y))};
        const int page = int(random.below(expected.pages));
        CAPTURE(file, page, region.x, region.y, region.width, region.height);
        check_pixels(expected, stack.read(page, region), page, region);
    }
}

TEST_CASE("labels are read as exact integers whatever their type", "[definition][reader]") {
    const std::string file =
        GENERATE("u8-le.tif", "u16-be.tif", "u32-le.tif", "u64-le.tif", "u32-lzw-horizontal-be.tif", "u1.tif", "u4.tif",
                 "u12.tif", "palette.tif", "min-is-white.tif");
    CAPTURE(file);
    const TiffCase expected = test::tiff_case(file);
    const StackReader stack({expected.path()});
    const Rect region{3, 2, expected.width - 5, expected.height - 4};
    const Ids ids = stack.read_ids(0, region);
    for (int y = 0; y < region.height; y++)
        for (int x = 0; x < region.width; x++)
            REQUIRE(ids(x, y) == uint32_t(expected.value(0, region.y + y, region.x + x, 0)));
}

TEST_CASE("whole numbers in floating-point files are labels too", "[definition][reader]") {
    const test::TemporaryFolder folder;
    Pixels pixels(1, 3, 2);
    pixels.values = {0, 1, 2, 255, 65536, 16777216};
    write_stack<float>(folder / "labels.tif", {pixels});
    const Ids ids = StackReader({folder / "labels.tif"}).read_ids(0, {0, 0, 3, 2});
    CHECK(ids.values == std::vector<uint32_t>{0, 1, 2, 255, 65536, 16777216});
}

TEST_CASE("several files of equal pages are one stack, in the order given", "[definition][reader]") {
    const TiffCase seven = test::tiff_case("seven-pages.tif"), one = test::tiff_case("u8-lzw-strips.tif");
    const StackReader stack({seven.path(), one.path(), seven.path()});
    const Rect whole = test::whole(stack.shape());
    CHECK(stack.shape().pages == 15);
    CHECK(stack.name() == seven.path().string());
    for (int page = 0; page < 15; page++) {
        CAPTURE(page);
        if (page == 7) check_pixels(one, stack.read(page, whole), 0, whole);
        else check_pixels(seven, stack.read(page, whole), page % 8, whole);
    }
}

TEST_CASE("more files than may be open at once are one stack", "[definition][reader]") {
    const TiffCase one = test::tiff_case("u8-lzw-strips.tif");
    const std::vector<std::filesystem::path> files(3000, one.path());
    const StackReader stack(files);
    CHECK(stack.shape().pages == 3000);
    for (int page : {0, 1500, 2999})
        check_pixels(one, stack.read(page, test::whole(stack.shape())), 0, test::whole(stack.shape()));
}

TEST_CASE("an empty region has no pixels", "[definition][reader]") {
    const StackReader stack({test::tiff_case("u8-le.tif").path()});
    CHECK(stack.read(0, {5, 5, 0, 3}).values.empty());
}

TEST_CASE("threads that read at once get the same pixels as one", "[repeat][reader]") {
    const std::string file = GENERATE("seven-pages.tif", "seven-pages-big-planes.tif", "imagej-one-directory.tif");
    CAPTURE(file);
    const StackReader stack({test::tiff_case(file).path()});
    const StackShape shape = stack.shape();
    const auto read_all = [&](uint64_t seed, std::vector<Pixels> &out) {
        Random random(seed, 0);
        for (int i = 0; i < 200; i++) {
            const int page = int(random.below(shape.pages)), x = int(random.below(shape.width)),
                      y = int(random.below(shape.height));
            out.push_back(stack.read(page, {x, y, shape.width - x, shape.height - y}));
        }
    };
    constexpr int threads = 5;
    std::vector<std::vector<Pixels>> alone(threads), together(threads);
    for (int t = 0; t < threads; t++) read_all(t, alone[t]);
    std::vector<std::thread> workers;
    for (int t = 0; t < threads; t++) workers.emplace_back(read_all, t, std::ref(together[t]));
    for (std::thread &worker : workers) worker.join();
    CHECK(alone == together);
}
