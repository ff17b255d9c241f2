#include "src/base/random.h"
#include "src/stack/image_stack.h"
#include "src/stack/stack_reader.h"
#include "src/stack/stack_writer.h"
#include "tests/stack/tiff_builder.h"
#include <cmath>
#include <limits>
#include <sys/stat.h>
#include <unistd.h>

using namespace unet;

namespace {

Error open_error(const std::vector<std::filesystem::path> &files) {
    return test::error_of([&] { StackReader reader(files); });
}

/// All pages, at most 64 x 64 pixels of each: corrupted sizes may be anything.
std::vector<Pixels> read_corners(const StackReader &stack) {
    const StackShape &shape = stack.shape();
    std::vector<Pixels> pages;
    for (int page = 0; page < std::min(shape.pages, 20); page++)
        pages.push_back(stack.read(page, {0, 0, std::min(shape.width, 64), std::min(shape.height, 64)}));
    return pages;
}

}  // namespace

TEST_CASE("what cannot be opened as a file is exit code 66", "[error][reader]") {
    const test::TemporaryFolder folder;
    CHECK(open_error({folder / "missing.tif"}).code == Exit::no_input);
    CHECK(open_error({folder.path()}).code == Exit::no_input);
    REQUIRE(::mkfifo((folder / "pipe.tif").c_str(), 0600) == 0);
    CHECK(open_error({folder / "pipe.tif"}).code == Exit::no_input);  // and does not wait for a writer

    test::put_bytes(folder / "secret.tif", test::bytes_of(test::tiff_case("u8-le.tif").path()));
    std::filesystem::permissions(folder / "secret.tif", std::filesystem::perms::none);
    const bool root = ::geteuid() == 0;
    if (root) REQUIRE(::seteuid(65534) == 0);
    const Error error = open_error({folder / "secret.tif"});
    if (root) REQUIRE(::seteuid(0) == 0);
    CHECK(error.code == Exit::no_input);
    CHECK_THAT(error.what(), Catch::Contains("secret.tif") && Catch::Contains("Permission denied"));
}

TEST_CASE("what is no whole TIFF is exit code 65", "[error][reader]") {
    const auto [bytes, fact] = GENERATE(table<std::string, std::string>({
        {"", "is empty"},
        {"\x89PNG\r\n\x1a\n and so on", "is not a TIFF file"},
        {"II", "is not a TIFF file"},
        {std::string("II*\0\0\0\0\0", 8), "holds no page"},
        {std::string("II*\0\x10\0\0\0", 8), "ends at byte 8"},
        {std::string("II+\0\x09\0\0\0\x10\0\0\0\0\0\0\0", 16), "broken BigTIFF header"},
        {std::string("II*\0\x08\0\0\0\0\0\0\0\0\0", 14), "directory of 0 entries"},
    }));
    const test::TemporaryFolder folder;
    test::put_bytes(folder / "a.tif", {bytes.begin(), bytes.end()});
    const Error error = open_error({folder / "a.tif"});
    CHECK(error.code == Exit::data);
    CHECK_THAT(error.what(), Catch::Contains(fact) && Catch::Contains("a.tif"));
}

TEST_CASE("of a truncated file no wrong pixel is ever handed out", "[error][reader]") {
    const test::TemporaryFolder folder;
    const auto path = folder / "cut.tif";
    Random random(3, 0);
    size_t refused = 0, cuts = 0;
    for (const test::TiffCase &expected : test::tiff_cases()) {
        const std::vector<uint8_t> bytes = test::bytes_of(expected.path());
        const std::vector<Pixels> whole = read_corners(StackReader({expected.path()}));
        for (int i = 0; i < 12; i++, cuts++) {
            const size_t length = i == 0 ? bytes.size() - 1 : random.below(bytes.size());
            CAPTURE(expected.file, bytes.size(), length);
            test::put_bytes(path, {bytes.begin(), bytes.begin() + long(length)});
            try {
                // Only what lies behind all directories and pixels (padding, a description) may be missed without
                // notice.
                const std::vector<Pixels> pages = read_corners(StackReader({path}));
                CHECK(pages == whole);
            } catch (const Error &error) {
                CHECK(error.code == Exit::data);
                refused++;
            }
        }
    }
    CHECK(refused > cuts * 9 / 10);
}

TEST_CASE("damaged bytes anywhere end in an error or in pixels, never in a crash", "[error][reader]") {
    const test::TemporaryFolder folder;
    const auto path = folder / "damaged.tif";
    Random random(4, 0);
    size_t refused = 0;
    for (const test::TiffCase &expected : test::tiff_cases()) {
        const std::vector<uint8_t> good = test::bytes_of(expected.path());
        for (int i = 0; i < 25; i++) {
            std::vector<uint8_t> bytes = good;
            const uint64_t flips = 1 + random.below(8);
            // Headers and directories stand at the beginning of these files: half of the damage goes there.
            for (uint64_t flip = 0; flip < flips; flip++)
                bytes[random.below(i % 2 ? bytes.size() : std::min<size_t>(bytes.size(), 300))] =
                    uint8_t(random.bits());
            test::put_bytes(path, bytes);
            try {
                read_corners(StackReader({path}));
            } catch (const Error &error) {
                CAPTURE(expected.file, i, error.what());
                REQUIRE(error.code == Exit::data);
                refused++;
            }
        }
    }
    CHECK(refused > 100);
}

TEST_CASE("pages of unequal size or type are named", "[error][reader]") {
    const test::TemporaryFolder folder;
    const uint64_t second = 16 + test::TiffBuilder::directory_bytes(test::gray_page_entries);
    const uint64_t pixels = second + test::TiffBuilder::directory_bytes(test::gray_page_entries);
    test::TiffBuilder()
        .directory(test::gray_page(8, 8, pixels, 64), second)
        .directory(test::gray_page(8, 7, pixels, 56))
        .append(64)
        .write(folder / "mixed.tif");
    const Error error = open_error({folder / "mixed.tif"});
    CHECK(error.code == Exit::data);
    CHECK_THAT(error.what(), Catch::Contains("mixed.tif: page 1 (from 0) is 8 x 7 u8"));
}

TEST_CASE("files of unequal pages are no stack", "[error][reader]") {
    const Error error = open_error({test::tiff_case("u8-le.tif").path(), test::tiff_case("u16-le.tif").path()});
    CHECK(error.code == Exit::data);
    CHECK_THAT(error.what(), Catch::Contains("u16-le.tif: its pages are 37 x 21 u16"));
}

TEST_CASE("sizes that lie are refused before memory is taken", "[error][reader]") {
    const uint64_t pixels = 16 + test::TiffBuilder::directory_bytes(test::gray_page_entries);
    struct Lie {
        const char *name, *fact;
        std::vector<test::BuiltEntry> entries;
    };
    const uint64_t billion = 1000000000;
    const auto changed = [&](uint16_t tag, uint16_t type, uint64_t count, uint64_t value) {
        std::vector<test::BuiltEntry> entries = test::gray_page(8, 8, pixels, 64);
        for (test::BuiltEntry &entry : entries)
            if (entry.tag == tag) entry = {tag, type, count, value};
        return entries;
    };
    const Lie lies[] = {
        {"width 0", "", changed(256, test::type_long8, 1, 0)},
        {"huge page", "its pixels need", test::gray_page(billion, billion, pixels, 64)},
        {"huge samples", "its pixels need", changed(277, test::type_short, 1, 65535)},
        {"negative width", "", changed(256, test::type_long8, 1, 0xffffffff)},
        {"offset beyond the end", "strip 0 needs bytes", changed(273, test::type_long8, 1, uint64_t(1) << 60)},
        {"short strip", "has 63 bytes, its pixels need 64", changed(279, test::type_long8, 1, 63)},
        {"empty strip", "is missing (0 bytes)", changed(279, test::type_long8, 1, 0)},
        {"no offsets for a billion strips", "", changed(278, test::type_long8, 1, 0)},
        {"huge offset table", "claim more data than the file can hold",
         changed(273, test::type_long8, billion, pixels)},
        {"bomb", "decodes to more than 1 GiB", test::gray_page(65536, 65536, pixels, 64, 8)},
        {"gray PixarLog", "3 or 4 interleaved samples only", test::gray_page(8, 8, pixels, 64, 32909)},
        {"unknown codec", "compression 12345 is unknown", test::gray_page(8, 8, pixels, 64, 12345)},
    };
    for (const Lie &lie : lies) {
        CAPTURE(lie.name);
        const test::TemporaryFolder folder;
        test::TiffBuilder().directory(lie.entries).append(64).write(folder / "a.tif");
        const Error error = open_error({folder / "a.tif"});
        CHECK(error.code == Exit::data);
        CHECK_THAT(error.what(), Catch::Contains(lie.fact));
    }
}

TEST_CASE("directories in a loop are refused", "[error][reader]") {
    const test::TemporaryFolder folder;
    const uint64_t pixels = 16 + test::TiffBuilder::directory_bytes(test::gray_page_entries);
    test::TiffBuilder().directory(test::gray_page(8, 8, pixels, 64), 16).append(64).write(folder / "loop.tif");
    const Error error = open_error({folder / "loop.tif"});
    CHECK(error.code == Exit::data);
    CHECK_THAT(error.what(), Catch::Contains("a loop"));
}

TEST_CASE("a directory beyond the end of the file is refused, whatever the pages before it", "[error][reader]") {
    const test::TemporaryFolder folder;
    const uint64_t pixels = 16 + test::TiffBuilder::directory_bytes(test::gray_page_entries);
    test::TiffBuilder().directory(test::gray_page(8, 8, pixels, 64), 4000).append(64).write(folder / "cut.tif");
    const Error error = open_error({folder / "cut.tif"});
    CHECK(error.code == Exit::data);
    CHECK_THAT(error.what(), Catch::Contains("before bytes 4000"));
}

TEST_CASE("ImageJ's description that claims more images than are there is refused", "[error][reader]") {
    const test::TemporaryFolder folder;
    const std::string description = "ImageJ=1.53t\nimages=12\nslices=12\n";
    std::vector<test::BuiltEntry> entries = test::gray_page(8, 8, 1000, 64);
    entries.insert(entries.begin() + 5, {270, 2, description.size() + 1, 500});
    const uint64_t images = GENERATE(12, 11);
    test::TiffBuilder builder;
    builder.directory(entries).append(500 - builder.end());
    for (char c : description) builder.append(1, uint8_t(c));
    builder.append(1000 - builder.end()).append(64 * images, 7).write(folder / "a.tif");
    if (images == 12) {
        const StackReader stack({folder / "a.tif"});
        CHECK(stack.shape().pages == 12);
        CHECK(stack.read(11, {0, 0, 8, 8}) == Pixels(1, 8, 8, 7.f));
        return;
    }
    const Error error = open_error({folder / "a.tif"});
    CHECK(error.code == Exit::data);
    CHECK_THAT(error.what(), Catch::Contains("claims 12 images, the bytes of 11 are there"));
}

TEST_CASE("NaN, infinity and what 32-bit floats cannot hold are named by page and pixel", "[error][reader]") {
    const test::TemporaryFolder folder;
    const auto [bad, fact] = GENERATE(table<float, std::string>({
        {std::numeric_limits<float>::quiet_NaN(), "is NaN"},
        {std::numeric_limits<float>::infinity(), "is infinite"},
        {-std::numeric_limits<float>::infinity(), "is infinite"},
    }));
    Pixels good(2, 600, 530, 1.f), page = good;
    page(1, 580, 520) = bad;
    write_stack<float>(folder / "a.tif", {good, page});
    const ImageStack stack({folder / "a.tif"});  // of two slices with two pages each
    CHECK(stack.read(0, {0, 0, 600, 530}) == good);
    CHECK(stack.read(1, {0, 0, 580, 530}).values.size() > 0);
    const Error error = test::error_of([&] { stack.read(1, {570, 510, 20, 20}); });
    CHECK(error.code == Exit::data);
    CHECK_THAT(error.what(), Catch::Contains("a.tif page 3 (from 0): pixel (580, 520) " + fact));
}

TEST_CASE("values that are no labels are named by page and pixel", "[error][reader]") {
    const test::TemporaryFolder folder;
    const float bad = GENERATE(-1.f, 0.5f, 4294967296.f, std::numeric_limits<float>::quiet_NaN());
    CAPTURE(bad);
    Pixels page(1, 20, 10, 3.f);
    page(0, 7, 4) = bad;
    write_stack<float>(folder / "a.tif", {page});
    const Error error = test::error_of([&] { StackReader({folder / "a.tif"}).read_ids(0, {2, 2, 10, 8}); });
    CHECK(error.code == Exit::data);
    CHECK_THAT(error.what(), Catch::Contains("page 0 (from 0): pixel (7, 4)"));
    CHECK(StackReader({folder / "a.tif"}).read_ids(0, {8, 0, 5, 10}).values.size() == 50);
}

TEST_CASE("negative and colored labels are refused", "[error][reader]") {
    const auto ids_error = [](const std::string &file) {
        return test::error_of([&] { StackReader({test::tiff_case(file).path()}).read_ids(0, {0, 0, 37, 21}); });
    };
    CHECK(ids_error("i16-le.tif").code == Exit::data);
    const Error colored = ids_error("three-planes-strips.tif");
    CHECK(colored.code == Exit::data);
    CHECK_THAT(colored.what(), Catch::Contains("3 samples"));
}

TEST_CASE("a file that changes while it is read is refused", "[error][reader]") {
    const test::TemporaryFolder folder;
    const auto path = folder / "a.tif";
    std::vector<uint8_t> bytes = test::bytes_of(test::tiff_case("u8-le.tif").path());
    test::put_bytes(path, bytes);
    const StackReader stack({path});
    std::filesystem::resize_file(path, 200);
    CHECK(test::error_of([&] { stack.read(0, {0, 0, 37, 21}); }).code == Exit::data);
}

TEST_CASE("pages and regions outside the stack are a fault of the program", "[error][reader]") {
    const StackReader stack({test::tiff_case("u8-le.tif").path()});
    CHECK(test::error_of([&] { stack.read(1, {0, 0, 1, 1}); }).code == Exit::internal);
    CHECK(test::error_of([&] { stack.read(-1, {0, 0, 1, 1}); }).code == Exit::internal);
    for (const Rect outside :
         {Rect{-1, 0, 2, 2}, Rect{0, 20, 1, 2}, Rect{36, 0, 2, 1}, Rect{2147483647, 0, 1, 1}, Rect{0, 0, -1, 1}})
        CHECK(test::error_of([&] { stack.read(0, outside); }).code == Exit::internal);
}

TEST_CASE("a page of 300 000 x 300 000 pixels in one strip is read part by part", "[definition][reader]") {
    const test::TemporaryFolder folder;
    const auto path = folder / "huge.tif";
    constexpr uint64_t side = 300000, pixels = 4096;
    test::TiffBuilder().directory(test::gray_page(side, side, pixels, side * side)).write(path);
    std::error_code failure;
    std::filesystem::resize_file(path, pixels + side * side, failure);  // sparse: takes no space
    if (failure) {
        WARN("skipped: this file system holds no sparse file of 90 GB");
        return;
    }
    {
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(std::streamoff(pixels + 299000 * side + 298000));
        file.put(77);
    }
    const StackReader stack({path});
    CHECK(stack.shape().width == 300000);
    const Pixels part = stack.read(0, {297900, 298900, 500, 300});
    CHECK(part(100, 100) == 77);
    CHECK(std::count(part.values.begin(), part.values.end(), 0.f) == 500 * 300 - 1);
}
