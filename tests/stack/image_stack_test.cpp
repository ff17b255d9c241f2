// Slices with channels: from pages, samples and files, in the order that their description gives them.
#include "src/stack/image_stack.h"
#include "src/stack/ome_series.h"
#include "src/stack/slice_order.h"
#include "src/stack/stack_writer.h"
#include "tests/stack/support.h"

using namespace unet;
using Catch::Matchers::Contains;

namespace {

ImageChoice choose(int file_channels, std::vector<int> channels, std::optional<int> series = {}, int context = 0) {
    return {file_channels, std::move(channels), series, context};
}

/// Channel `channel` of a slice must be sample `sample` of page `page` as the case has it.
void check_channel(const test::TiffCase &from, const Pixels &slice, int channel, int page, int sample = 0) {
    CAPTURE(from.file, channel, page);
    int wrong = 0;
    for (int y = 0; y < slice.height; y++)
        for (int x = 0; x < slice.width; x++) wrong += slice(channel, x, y) != float(from.value(page, y, x, sample));
    CHECK(wrong == 0);
}

Pixels whole_slice(const ImageStack &stack, int slice) {
    return stack.read(slice, {0, 0, stack.shape().width, stack.shape().height});
}

std::vector<std::filesystem::path> write_pages(const test::TemporaryFolder &folder, const std::string &name,
                                               std::vector<uint8_t> values, int channels = 1) {
    std::vector<Array<uint8_t>> pages;
    for (const uint8_t value : values) {
        pages.emplace_back(channels, 3, 2);
        for (size_t i = 0; i < pages.back().values.size(); i++)
            pages.back().values[i] = uint8_t(value + i % size_t(channels));
    }
    write_stack(folder / name, pages);
    return {folder / name};
}

std::vector<float> first_pixel(const ImageStack &stack, int slice) { return stack.read(slice, {0, 0, 1, 1}).values; }

}  // namespace

TEST_CASE("pages that are channels of one slice are read as its channels", "[definition][image_stack]") {
    // Pages of the file: time 2, depth 3, channel 2.
    for (const char *file : {"imagej-hyperstack.tif", "imagej-one-directory.tif"}) {
        const test::TiffCase expected = test::tiff_case(file);
        const ImageStack stack({expected.path()});
        REQUIRE(stack.shape().pages == 6);
        REQUIRE(stack.shape().samples == 2);
        for (int slice = 0; slice < 6; slice++)
            for (int channel = 0; channel < 2; channel++)
                check_channel(expected, whole_slice(stack, slice), channel, 2 * slice + channel);
    }
}

TEST_CASE("OME's order of planes is that of the pages, whatever the file's", "[definition][image_stack]") {
    const test::TiffCase expected = test::tiff_case("out-of-order.ome.tif");
    const ImageStack stack({expected.path()});
    REQUIRE(stack.shape().pages == 3);
    REQUIRE(stack.shape().samples == 2);
    for (int z = 0; z < 3; z++)
        for (int channel = 0; channel < 2; channel++)
            check_channel(expected, whole_slice(stack, z), channel, 3 * channel + z);
}

TEST_CASE("channels are chosen and put into any order", "[definition][image_stack]") {
    const test::TiffCase expected = test::tiff_case("imagej-hyperstack.tif");
    const ImageStack turned({expected.path()}, choose(1, {1, 0}));
    CHECK(turned.shape().samples == 2);
    check_channel(expected, whole_slice(turned, 4), 0, 9);
    check_channel(expected, whole_slice(turned, 4), 1, 8);
    const ImageStack second({expected.path()}, choose(1, {1}));
    CHECK(second.shape().samples == 1);
    check_channel(expected, whole_slice(second, 4), 0, 9);

    const test::TiffCase samples = test::tiff_case("two-samples-interleaved.tif");
    const ImageStack sample({samples.path()}, choose(1, {1}));
    check_channel(samples, whole_slice(sample, 0), 0, 0, 1);
}

TEST_CASE("series are those of OME, or the sizes of pages", "[definition][image_stack]") {
    const auto series = [](const char *file, int number) {
        return ImageStack({test::tiff_folder / file}, choose(1, {}, number));
    };
    const test::TiffCase planes = test::tiff_case("stack.ome.tif");  // the formula of all u8 pages of this size
    const ImageStack depth = series("two-series.ome.tif", 0), colours = series("two-series.ome.tif", 1);
    CHECK(depth.shape().pages == 4);
    CHECK(depth.shape().samples == 1);
    check_channel(planes, whole_slice(depth, 3), 0, 3);
    REQUIRE(colours.shape().pages == 1);
    REQUIRE(colours.shape().samples == 2);
    CHECK(colours.shape().width == 12);
    for (int channel = 0; channel < 2; channel++) check_channel(planes, whole_slice(colours, 0), channel, 4 + channel);

    const ImageStack large = series("two-sizes.tif", 0), small = series("two-sizes.tif", 1);
    CHECK(large.shape().pages == 2);
    check_channel(planes, whole_slice(large, 1), 0, 2);
    CHECK(small.shape().pages == 1);
    CHECK(small.shape().height == 10);
    check_channel(planes, whole_slice(small, 0), 0, 1);
}

TEST_CASE("lists of files are channels of one another", "[definition][image_stack]") {
    const test::TemporaryFolder folder;
    std::vector<std::filesystem::path> files = write_pages(folder, "a.tif", {10, 20});
    for (const auto &more : {write_pages(folder, "b.tif", {30}), write_pages(folder, "c.tif", {110, 120}),
                             write_pages(folder, "d.tif", {130})})
        files.push_back(more.front());
    const ImageStack stack(files, choose(2, {}));
    REQUIRE(stack.shape().pages == 3);
    REQUIRE(stack.shape().samples == 2);
    CHECK(first_pixel(stack, 1) == std::vector<float>{20, 120});
    CHECK(first_pixel(stack, 2) == std::vector<float>{30, 130});
}

TEST_CASE("neighbouring slices come along, mirrored at the ends", "[definition][image_stack]") {
    const test::TemporaryFolder folder;
    const auto with_context = [](int slices) { return choose(1, {}, {}, slices); };
    const ImageStack one(write_pages(folder, "a.tif", {10, 20, 30, 40}), with_context(1));
    REQUIRE(one.shape().pages == 4);
    REQUIRE(one.shape().samples == 3);
    CHECK(first_pixel(one, 0) == std::vector<float>{20, 10, 20});
    CHECK(first_pixel(one, 2) == std::vector<float>{20, 30, 40});
    CHECK(first_pixel(one, 3) == std::vector<float>{30, 40, 30});

    const ImageStack two(write_pages(folder, "b.tif", {10, 20}, 2), with_context(2));
    REQUIRE(two.shape().samples == 10);
    CHECK(first_pixel(two, 0) == std::vector<float>{10, 11, 20, 21, 10, 11, 20, 21, 10, 11});
    const ImageStack single(write_pages(folder, "c.tif", {10}), with_context(1));
    CHECK(first_pixel(single, 0) == std::vector<float>{10, 10, 10});
}

TEST_CASE("neighbours are those in depth, not in time", "[definition][image_stack]") {
    const SliceOrder order({{'T', 2}, {'Z', 3}, {'C', 2}}, 12);
    CHECK(order.slices() == 6);
    CHECK(order.page(4, 1) == 9);
    CHECK(order.neighbour(2, 1) == 1);   // the deepest of the first time
    CHECK(order.neighbour(3, -1) == 4);  // the first of the second time
    CHECK(order.neighbour(4, 1) == 5);

    const SliceOrder time_inside({{'C', 2}, {'Z', 3}, {'T', 2}}, 12);
    CHECK(time_inside.page(3, 1) == 9);
    CHECK(time_inside.neighbour(3, 1) == 5);
    CHECK(time_inside.neighbour(5, 1) == 3);

    // Files of a stack whose depth goes on, two files of two slices and two channels.
    const SliceOrder files({{'Z', 2}, {'C', 2}}, 8);
    CHECK(files.slices() == 4);
    CHECK(files.neighbour(1, 1) == 2);
    CHECK(files.page(2, 1) == 5);
}

TEST_CASE("channels, series and lists that are not there are refused", "[error][image_stack]") {
    const auto error_of = [](const std::vector<std::filesystem::path> &files, const ImageChoice &choice) {
        return test::error_of([&] { ImageStack stack(files, choice); });
    };
    const auto channels = test::tiff_case("imagej-hyperstack.tif").path();
    const Error beyond = error_of({channels}, choose(1, {0, 2}));
    CHECK(beyond.code == Exit::usage);
    CHECK_THAT(beyond.what(), Contains("--channels 0,2") && Contains("channels 0 to 1"));

    const auto two = test::tiff_folder / "two-series.ome.tif", sizes = test::tiff_folder / "two-sizes.tif";
    const Error undecided = error_of({two}, {});
    CHECK(undecided.code == Exit::data);
    CHECK_THAT(undecided.what(), Contains("2 images (series)") && Contains("--series 0 to 1"));
    for (const auto &file : {two, sizes}) {
        const Error none = error_of({file}, choose(1, {}, 2));
        CHECK(none.code == Exit::usage);
        CHECK_THAT(none.what(), Contains("series 0 to 1"));
    }
    CHECK_THAT(error_of({sizes}, {}).what(), Contains("page 1") && Contains("--series"));

    const test::TemporaryFolder folder;
    const auto shorter = write_pages(folder, "a.tif", {1}).front(),
               longer = write_pages(folder, "b.tif", {1, 2}).front();
    const Error unequal = error_of({shorter, longer}, choose(2, {}));
    CHECK(unequal.code == Exit::data);
    CHECK_THAT(unequal.what(), Contains("must agree"));
}

TEST_CASE("an OME description that claims planes beyond the file is not believed", "[error][image_stack]") {
    const auto series = [](const std::string &pixels, uint64_t directories) {
        return parse_ome_series("<OME><Image><Pixels " + pixels + "</Pixels></Image></OME>", 1, directories);
    };
    CHECK(series("SizeZ=\"3\"><TiffData/>", 3)[0].directories == std::vector<uint64_t>{0, 1, 2});
    CHECK(series("SizeZ=\"3\"><TiffData IFD=\"1\" PlaneCount=\"3\"/>", 3)[0].directories.empty());
    CHECK(series("SizeZ=\"3\"><TiffData FirstZ=\"1\" PlaneCount=\"3\"/>", 9)[0].directories.empty());
    CHECK(series("SizeZ=\"3\"><TiffData IFD=\"0\"/>", 3)[0].directories.empty());  // of one plane only
    CHECK(
        series("SizeZ=\"4000000000\" SizeC=\"4000000000\" SizeT=\"4000000000\"><TiffData/>", 3)[0].directories.empty());
    const std::string elsewhere = "<OME UUID='urn:uuid:2'><Image><Pixels SizeZ='2'><TiffData><UUID FileName='b.tif'>"
                                  "urn:uuid:1</UUID></TiffData></Pixels></Image></OME>";
    CHECK(parse_ome_series(elsewhere, 1, 3)[0].directories.empty());
}

TEST_CASE("channels of other types than the first are read as they are", "[definition][image_stack]") {
    const test::TemporaryFolder folder;
    std::vector<std::filesystem::path> files = write_pages(folder, "a.tif", {10, 20});
    std::vector<Array<float>> pages(2, Array<float>(1, 3, 2, 0.25f));
    write_stack(folder / "b.tif", pages);
    files.push_back(folder / "b.tif");
    const ImageStack stack(files, choose(2, {}));
    CHECK(stack.shape().type == SampleType::f32);
    CHECK(first_pixel(stack, 1) == std::vector<float>{20, 0.25f});
}

TEST_CASE("stacks of several depths keep their channels", "[definition][image_stack]") {
    const test::TemporaryFolder folder;
    const auto write = [&](const std::string &name, int depth) {  // probabilities: a page for each channel
        std::vector<Array<uint8_t>> pages;
        for (int z = 0; z < depth; z++) {
            pages.emplace_back(2, 3, 2, uint8_t(10 * z));
            for (size_t i = 1; i < pages.back().values.size(); i += 2) pages.back().values[i] = uint8_t(10 * z + 1);
        }
        write_stack(folder / name, pages);
        return folder / name;
    };
    const ImageStack stack({write("three.tif", 3), write("five.tif", 5)});
    REQUIRE(stack.shape().pages == 8);
    REQUIRE(stack.shape().samples == 2);
    CHECK(first_pixel(stack, 7) == std::vector<float>{40, 41});
    CHECK(test::error_of([&] {
              ImageStack unlike({folder / "three.tif", write_pages(folder, "c.tif", {1, 2}).front()});
          }).code == Exit::data);
}

TEST_CASE("a file of a set has the axes of its own image, and OME-XML that fits nothing has none",
          "[definition][image_stack]") {
    const auto series = [](const std::string &xml) { return parse_ome_series("<OME>" + xml + "</OME>", 1, 4); };
    const std::string
        here = "<Image><Pixels SizeZ='4'><TiffData><UUID FileName='b.tif'>urn:b</UUID></TiffData></Pixels></Image>",
        there = "<Image><Pixels SizeC='2' SizeZ='2'><TiffData><UUID FileName='a.tif'>urn:a</UUID></TiffData>"
                "</Pixels></Image>";
    CHECK(series(here)[0].directories.size() == 4);  // the only UUID is this file's
    const auto set = parse_ome_series("<OME UUID='urn:b'>" + there + here + "</OME>", 1, 4);
    CHECK(set[0].directories.empty());
    CHECK(set[1].directories.size() == 4);
    CHECK(series(there + here)[1].directories.empty());  // nobody says which is this one
    CHECK(series("<Image><Pixels SizeZ='4'/></Image>")[0].directories == std::vector<uint64_t>{0, 1, 2, 3});
}
