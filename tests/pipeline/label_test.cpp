// The verb label, run as a program.
#include "src/stack/image_stack.h"
#include "src/stack/stack_writer.h"
#include "tests/pipeline/run_program.h"
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <tiffio.h>

using namespace unet;

namespace {

Classes class_page(std::vector<uint8_t> values) {
    Classes page(1, int(values.size()), 1);
    page.values = std::move(values);
    return page;
}

std::vector<uint32_t> ids_of(const std::filesystem::path &file, int page) {
    const ImageStack reader({file});
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
    CHECK(ImageStack({folder / "objects.tif"}).shape().type == SampleType::u16);

    // The same run again has nothing to do, another one does not replace its output unasked.
    const std::string bytes = test::text_of(folder / "objects.tif");
    const test::Outcome again = label({});
    CHECK(again.exit_code == 0);
    CHECK_THAT(again.err, Catch::Contains("nothing to do"));
    std::ofstream(folder / "objects.tif.checkpoint") << "of a run that was killed at its very end";
    CHECK(label({}).exit_code == 0);
    CHECK_FALSE(std::filesystem::exists(folder / "objects.tif.checkpoint"));
    CHECK(test::text_of(folder / "objects.tif") == bytes);
    const test::Outcome other = label({"--foreground", "2"});
    CHECK(other.exit_code == 73);
    CHECK_THAT(other.err, Catch::Contains("objects.tif: exists; add --overwrite to replace it"));
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
    CHECK(ImageStack({folder / "objects.tif"}).shape().type == SampleType::u32);
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

TEST_CASE("label numbers the objects of a volume and lists them", "[definition][label]") {
    const test::TemporaryFolder folder;
    const VoxelSize voxel{4, 5, 50, "nm"};
    write_stack(folder / "classes.tif",
                std::vector<Classes>{class_page({1, 1, 0, 1}), class_page({0, 1, 0, 0}), class_page({0, 1, 1, 1})},
                voxel);
    const auto label = [&](std::vector<std::string> more) {
        std::vector<std::string> line{"label", "--input",    folder / "classes.tif", "--output", folder / "objects.tif",
                                      "--csv", "--overwrite"};
        line.insert(line.end(), more.begin(), more.end());
        return test::run(line);
    };
    const test::Outcome volume = label({"--volume"});
    CAPTURE(volume.err);
    REQUIRE(volume.exit_code == 0);
    CHECK(volume.out == (folder / "objects.tif").string() + "\n" + (folder / "objects.csv").string() + "\n");
    CHECK(ids_of(folder / "objects.tif", 0) == std::vector<uint32_t>{1, 1, 0, 2});
    CHECK(ids_of(folder / "objects.tif", 1) == std::vector<uint32_t>{0, 1, 0, 0});
    CHECK(ids_of(folder / "objects.tif", 2) == std::vector<uint32_t>{0, 1, 1, 1});
    CHECK(test::text_of(folder / "objects.csv") ==
          "id,voxels,x,y,slice,width,height,depth,centroid_x,centroid_y,centroid_slice,"
          "volume_nm3,centroid_x_nm,centroid_y_nm,centroid_z_nm\n"
          "1,6,0,0,0,4,1,3,1.333,0.000,1.167,6000,5.33333,0,58.3333\n"
          "2,1,3,0,0,1,1,1,3.000,0.000,0.000,1000,12,0,0\n");

    REQUIRE(label({}).exit_code == 0);
    const std::string slices = test::text_of(folder / "objects.csv"), file = test::text_of(folder / "objects.tif");
    CHECK_THAT(file, Catch::Contains("<M K=\"method\">components</M>") &&
                         Catch::Contains("<M K=\"threshold\">0.5</M>") && Catch::Contains("<M K=\"input\">1 file, "));
    CHECK_THAT(file, !Catch::Contains("volume"));
    CHECK_THAT(slices, Catch::StartsWith("id,slice,pixels,x,y,width,height,centroid_x,centroid_y,area_nm2"));
    CHECK_THAT(slices, Catch::Contains("\n4,2,3,1,0,3,1,2.000,0.000,60,8,0\n"));
    REQUIRE(label({"--method", "watershed"}).exit_code == 0);  // slice by slice, the same objects here
    CHECK(test::text_of(folder / "objects.csv") == slices);

    CHECK(label({"--volume", "--method", "shape"}).exit_code == 64);
    CHECK(label({"--volume", "--connectivity", "8"}).exit_code == 64);
    CHECK(label({"--connectivity", "26"}).exit_code == 64);
    CHECK(label({"--connectivity", "8", "--grow", "1"}).exit_code == 64);
    const test::Outcome one_name =
        test::run({"label", "--input", folder / "classes.tif", "--output", folder / "o.csv", "--csv"});
    CHECK(one_name.exit_code == 64);
    CHECK_FALSE(std::filesystem::exists(folder / "o.csv"));
    CHECK(label({"--fill-holes", "--grow", "1"}).exit_code == 64);
}

TEST_CASE("label fills what objects enclose", "[definition][label]") {
    const test::TemporaryFolder folder;
    Classes ring(1, 5, 5);
    for (int i = 1; i < 4; i++) ring(i, 1) = ring(i, 3) = ring(1, i) = ring(3, i) = 1;
    write_stack(folder / "classes.tif", std::vector<Classes>{ring, ring});
    const auto middle = [&](std::vector<std::string> more) {
        std::vector<std::string> line{
            "label", "--input", folder / "classes.tif", "--output", folder / "objects.tif", "--overwrite"};
        line.insert(line.end(), more.begin(), more.end());
        REQUIRE(test::run(line).exit_code == 0);
        return ids_of(folder / "objects.tif", 1)[12];
    };
    CHECK(middle({}) == 0);
    CHECK(middle({"--fill-holes"}) == 2);
    CHECK(middle({"--fill-holes", "--volume"}) == 0);  // a tube that is open at both ends
}

TEST_CASE("70 000 objects of a volume, any layout of the input and any threads: the same bytes", "[repeat][label]") {
    const test::TemporaryFolder folder;
    // 7 x 100 x 100 balls of 3 x 3 x 3 with arms, 4 pixels apart, and one more that spans them all at the lower edge.
    std::vector<Classes> pages;
    for (int z = 0; z < 28; z++) {
        pages.emplace_back(1, 400, 1203);
        for (int y = 0; y < 1200; y++)
            for (int x = 0; x < 400; x++) pages.back()(x, y) = z % 4 < 3 && y % 12 < 3 && x % 4 < 3;
        for (int x = 0; x < 400; x++) pages.back()(x, 1201) = 1;
    }
    write_stack(folder / "tiles.tif", pages);
    const std::string strips = folder / "strips.tif";
    TIFF *tiff = TIFFOpen(strips.c_str(), "w8");
    for (Classes &page : pages) {
        TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, page.width);
        TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, page.height);
        TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
        TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
        TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_LZW);
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 37);
        for (int y = 0; y < page.height; y++) TIFFWriteScanline(tiff, page.row(y), uint32_t(y), 0);
        TIFFWriteDirectory(tiff);
    }
    TIFFClose(tiff);
    const auto label = [&](const std::string &input, const std::string &output, const std::string &threads) {
        const test::Outcome outcome = test::run(
            {"label", "--input", input, "--output", folder / output, "--volume", "--csv", "--threads", threads});
        CAPTURE(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        CHECK_THAT(outcome.err, Catch::Contains("70001 objects"));
    };
    label(folder / "tiles.tif", "a.tif", "1");
    label(folder / "tiles.tif", "b.tif", "5");
    label(strips, "c.tif", "2");
    CHECK(test::text_of(folder / "a.tif") == test::text_of(folder / "b.tif"));
    for (int z = 0; z < 28; z++) CHECK(ids_of(folder / "a.tif", z) == ids_of(folder / "c.tif", z));  // of another input
    CHECK(test::text_of(folder / "a.csv") == test::text_of(folder / "c.csv"));
    CHECK(ImageStack({folder / "a.tif"}).shape().type == SampleType::u32);
    CHECK(ids_of(folder / "a.tif", 0)[4 * 12 * 400] == 401);
    // And those of scikit-image: tools/make_label_reference.py.
    uint64_t place = 0, checksum = 0;
    for (int z = 0; z < 28; z++)
        for (const uint32_t id : ids_of(folder / "a.tif", z)) checksum += ++place * id;
    const auto reference = nlohmann::json::parse(std::ifstream("tests/data/labels/cases.json"))["balls"];
    CHECK(reference["count"] == 70001);
    CHECK(checksum == reference["checksum"]);
}
