#include "src/base/random.h"
#include "src/stack/describe.h"
#include "src/stack/image_stack.h"
#include "src/stack/stack_writer.h"
#include "src/stack/stored_stack.h"
#include "tests/stack/support.h"
#include <algorithm>
#include <csignal>
#include <cstring>
#include <sys/resource.h>
#include <sys/wait.h>
#include <tiffio.h>
#include <unistd.h>

using namespace unet;

namespace {

template<class T>
std::vector<Array<T>> random_pages(int pages, int channels, int width, int height) {
    Random random(5, uint64_t(width));
    std::vector<Array<T>> stack;
    for (int page = 0; page < pages; page++) {
        Array<T> pixels(channels, width, height);
        for (T &value : pixels.values)
            value = std::is_floating_point_v<T> ? T(random.uniform(-1, 1)) : T(random.bits());
        stack.push_back(std::move(pixels));
    }
    return stack;
}

template<class T>
void check_round_trip(int pages, int channels, int width, int height) {
    CAPTURE(pages, channels, width, height, sizeof(T));
    const test::TemporaryFolder folder;
    const auto stack = random_pages<T>(pages, channels, width, height);
    write_stack<T>(folder / "a.tif", stack);
    const ImageStack reader({folder / "a.tif"});
    REQUIRE(reader.shape().pages == pages);
    REQUIRE(reader.shape().samples == channels);
    for (int page = 0; page < pages; page++) {
        const Pixels read = reader.read(page, {0, 0, width, height});
        size_t wrong = 0;
        for (size_t i = 0; i < read.values.size(); i++) wrong += read.values[i] != float(stack[page].values[i]);
        CHECK(wrong == 0);
    }
}

StackShape shape(int width, int height, int pages, int samples = 1) {
    return {.width = width, .height = height, .samples = samples, .pages = pages, .type = SampleType::u8, .voxel = {}};
}

Band band(const StackShape &stack, int page, int y) {
    const int rows = std::min(band_rows, stack.height - y);
    return {.page = page,
            .y = y,
            .rows = rows,
            .bytes = std::vector<uint8_t>(size_t(stack.samples) * rows * stack.width, 1)};
}

Band noise(const StackShape &stack, int page, int y) {
    Band filled = band(stack, page, y);
    Random random{uint64_t(page), uint64_t(y)};
    for (uint8_t &value : filled.bytes) value = uint8_t(random.below(5));
    return filled;
}

/// Writes noise, which does not compress, until something stops it. Returns the exit code it ended with.
Exit write_noise(const std::filesystem::path &path) {
    try {
        write_stack<uint8_t>(path, random_pages<uint8_t>(3, 1, 1024, 1024));
        return Exit::done;
    } catch (const Error &error) {
        return error.code;
    }
}

}  // namespace

TEST_CASE("what is written is read back the same", "[definition][writer]") {
    check_round_trip<uint8_t>(1, 1, 1, 1);
    check_round_trip<uint8_t>(3, 1, 512, 512);
    check_round_trip<uint8_t>(2, 3, 513, 1025);
    check_round_trip<uint16_t>(2, 2, 700, 130);
    check_round_trip<uint32_t>(1, 1, 130, 700);
    check_round_trip<float>(2, 5, 515, 20);
}

TEST_CASE("the file is a BigTIFF of deflated 512 x 512 tiles, a directory a plane, as libtiff sees it",
          "[definition][writer]") {
    const test::TemporaryFolder folder;
    const auto path = folder / "a.tif";
    const auto stack = random_pages<uint16_t>(2, 3, 600, 530);
    write_stack<uint16_t>(path, stack, {4, 8, 50, "nm"});
    CHECK(test::bytes_of(path)[2] == 43);  // BigTIFF
    TIFF *tiff = TIFFOpen(path.c_str(), "r");
    REQUIRE(tiff);
    CHECK(TIFFNumberOfDirectories(tiff) == 6);
    REQUIRE(TIFFSetDirectory(tiff, 2));  // the last plane of the first page
    const auto number = [&](uint32_t tag) {
        uint32_t wide = 0;
        uint16_t narrow = 0;
        const bool is_wide = tag == TIFFTAG_TILEWIDTH || tag == TIFFTAG_TILELENGTH;
        CHECK((is_wide ? TIFFGetField(tiff, tag, &wide) : TIFFGetField(tiff, tag, &narrow)) == 1);
        return is_wide ? wide : narrow;
    };
    CHECK(number(TIFFTAG_TILEWIDTH) == 512);
    CHECK(number(TIFFTAG_TILELENGTH) == 512);
    CHECK(number(TIFFTAG_COMPRESSION) == COMPRESSION_ADOBE_DEFLATE);
    CHECK(number(TIFFTAG_PREDICTOR) == PREDICTOR_NONE);
    CHECK(number(TIFFTAG_SAMPLESPERPIXEL) == 1);
    CHECK(number(TIFFTAG_PLANARCONFIG) == PLANARCONFIG_CONTIG);
    CHECK(number(TIFFTAG_SAMPLEFORMAT) == SAMPLEFORMAT_UINT);
    CHECK(number(TIFFTAG_RESOLUTIONUNIT) == RESUNIT_CENTIMETER);
    float x = 0, y = 0;
    TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &x);
    TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &y);
    CHECK(x == Approx(1e7 / 4));
    CHECK(y == Approx(1e7 / 8));
    const char *software = nullptr, *date = nullptr;
    CHECK(TIFFGetField(tiff, TIFFTAG_SOFTWARE, &software) == 1);
    CHECK(std::string(software) == "unetflow");
    CHECK(TIFFGetField(tiff, TIFFTAG_DATETIME, &date) == 0);

    std::vector<uint16_t> tile(512 * 512);
    const uint32_t index = TIFFComputeTile(tiff, 512, 512, 0, 0);
    REQUIRE(TIFFReadEncodedTile(tiff, index, tile.data(), tmsize_t(tile.size() * 2)) == tmsize_t(tile.size() * 2));
    CHECK(tile[0] == stack[0](2, 512, 512));
    CHECK(tile[17 * 512 + 87] == stack[0](2, 599, 529));
    CHECK(tile[18 * 512] == 0);  // beyond the page
    TIFFClose(tiff);
}

TEST_CASE("voxel size, pages and metadata are carried by OME-XML", "[definition][writer]") {
    const test::TemporaryFolder folder;
    StackShape stack = shape(40, 30, 2, 3);
    stack.voxel = {0.1, 0.2, 0.3, "µm"};
    StackShape named = stack;
    named.channels = {"background", "cell", "edge & <rim>"};
    StackWriter writer(folder / "a.tif", named, {{"model", "0123abcd"}, {"version", "1"}});
    for (int page = 0; page < 2; page++) writer.append(band(stack, page, 0));
    writer.finish();
    CHECK(ImageStack({folder / "a.tif"}).shape() == stack);
    const FileDescription file = describe_file(folder / "a.tif");
    CHECK(file.metadata == "OME");
    CHECK(file.axes == std::vector<Axis>{{'Z', 2}, {'C', 3}, {'Y', 30}, {'X', 40}});
    const std::vector<uint8_t> bytes = test::bytes_of(folder / "a.tif");
    const std::string text(bytes.begin(), bytes.end());
    CHECK(text.find("<M K=\"model\">0123abcd</M>") != std::string::npos);
    CHECK(text.find("Name=\"cell\" SamplesPerPixel=\"1\"") != std::string::npos);
    CHECK(text.find("Name=\"edge &amp; &lt;rim>\"") != std::string::npos);
}

TEST_CASE("a voxel size of unknown unit stays one", "[definition][writer]") {
    const test::TemporaryFolder folder;
    const VoxelSize voxel{2, 3, 0, ""};
    write_stack<uint8_t>(folder / "a.tif", {Array<uint8_t>(1, 4, 4)}, voxel);
    CHECK(StackReader({folder / "a.tif"}).shape().voxel == voxel);
}

TEST_CASE("equal stacks are equal files", "[repeat][writer]") {
    const test::TemporaryFolder folder;
    for (const char *name : {"a.tif", "b.tif"})
        write_stack<float>(folder / name, random_pages<float>(2, 2, 600, 600), {1, 1, 2, "nm"});
    CHECK(test::bytes_of(folder / "a.tif") == test::bytes_of(folder / "b.tif"));
}

TEST_CASE("a plain file holds the same pixels, uncompressed, and any number of writers make the same bytes",
          "[repeat][writer]") {
    const test::TemporaryFolder folder;
    const StackShape stack = shape(600, 1100, 2, 3);
    const WriterOptions plain{.storage = TileStorage::plain};
    StackWriter alone(folder / "alone.tif", stack, {{"model", "1"}}, plain);
    for (int page = 0; page < 2; page++)
        for (int y = 0; y < 1100; y += band_rows) alone.append(noise(stack, page, y));
    alone.finish();
    for (const int first : {4, 0, 2}) {  // bands 4 to 5, 0 to 1, 2 to 3, each by a writer of its own
        WriterOptions part = plain;
        part.bands = BandRange{first, first + 2};
        part.shared = true;
        StackWriter writer(folder / "shared.tif", stack, {{"model", "1"}}, part);
        for (int band = first; band < first + 2; band++) writer.append(noise(stack, band / 3, band % 3 * band_rows));
        writer.finish();
        CHECK_FALSE(std::filesystem::exists(folder / "shared.tif"));
    }
    CHECK(test::bytes_of(folder / "shared.tif.part") == test::bytes_of(folder / "alone.tif"));
    const ImageStack reader({folder / "alone.tif"});
    const Pixels page = reader.read(1, {0, 0, 600, 1100});
    const Band top = noise(stack, 1, 0);
    bool equal = true;
    for (int k = 0; k < 3; k++)
        for (int y = 0; y < band_rows; y++)
            for (int x = 0; x < 600; x++) equal &= page(k, x, y) == float(top.bytes[(k * band_rows + y) * 600 + x]);
    CHECK(equal);
}

TEST_CASE("a file that was given up after any band is gone on with to the same bytes", "[repeat][writer]") {
    const test::TemporaryFolder folder;
    const StackShape stack = shape(600, 1100, 2);
    const TileStorage storage = GENERATE(TileStorage::deflate, TileStorage::plain);
    const int stop = GENERATE(0, 1, 3, 5, 6);
    CAPTURE(stop);
    WriterOptions options{.storage = storage, .resumable = true};
    const auto write = [&](const char *name, int first, int end) {
        StackWriter writer(folder / name, stack, {}, options);
        for (int band = first; band < end; band++) writer.append(noise(stack, band / 3, band % 3 * band_rows));
        if (end == 6) writer.finish();
        return writer.progress();
    };
    write("whole.tif", 0, 6);
    if (stop == 6) return;
    const WriterProgress at_stop = write("a.tif", 0, stop);
    options.progress = at_stop;
    write("a.tif", stop, std::min(stop + 1, 5));  // killed again: what came after the journal's last line
    options.progress = at_stop;
    write("a.tif", stop, 6);
    CHECK(test::bytes_of(folder / "a.tif") == test::bytes_of(folder / "whole.tif"));
}

TEST_CASE("stored bands copied from file to file give the same file", "[repeat][writer]") {
    const test::TemporaryFolder folder;
    const StackShape stack = shape(600, 1100, 2, 2);
    const WriterOptions options{.storage = GENERATE(TileStorage::deflate, TileStorage::plain)};
    std::vector<uint64_t> checksums;
    StackWriter writer(folder / "a.tif", stack, {}, options);
    for (int band = 0; band < 6; band++)
        checksums.push_back(writer.append(noise(stack, band / 3, band % 3 * band_rows)));
    writer.finish();
    const StoredStack stored(folder / "a.tif", stack, {}, options.storage);
    StackWriter copy(folder / "b.tif", stack, {}, options);
    for (int band = 0; band < 6; band++) {
        CHECK(stored.read(band).checksum() == checksums[band]);
        copy.append(stored.read(band));
    }
    copy.finish();
    CHECK(test::bytes_of(folder / "a.tif") == test::bytes_of(folder / "b.tif"));
    CHECK(is_stack_of(folder / "b.tif", stack, {}, options.storage));
    CHECK_FALSE(is_stack_of(folder / "b.tif", stack, {{"model", "other"}}, options.storage));
    CHECK(test::error_of([&] { StoredStack(folder / "a.tif", shape(600, 1100, 3, 2), {}, options.storage); }).code ==
          Exit::data);
}

TEST_CASE("more planes than a TIFF has directories are refused before anything is written", "[error][writer]") {
    CHECK_NOTHROW(check_page_count("a.tif", shape(5, 5, 1 << 19, 2)));
    const Error error = test::error_of([&] { check_page_count("a.tif", shape(5, 5, (1 << 19) + 1, 2)); });
    CHECK(error.code == Exit::data);
    CHECK_THAT(error.what(), Catch::Contains("524289 pages of 2 planes"));
}

TEST_CASE("an unfinished output never stands under its name", "[error][writer]") {
    const test::TemporaryFolder folder;
    const StackShape stack = shape(600, 1100, 1);
    {
        StackWriter writer(folder / "a.tif", stack);
        writer.append(band(stack, 0, 0));
        CHECK(std::filesystem::exists(folder / "a.tif.part"));
        CHECK_FALSE(std::filesystem::exists(folder / "a.tif"));
        const Error error = test::error_of([&] { writer.finish(); });
        CHECK(error.code == Exit::internal);
        CHECK_THAT(error.what(), Catch::Contains("1 of 3 bands"));
    }
    CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("bands out of order or of wrong size are a fault of the program", "[error][writer]") {
    const test::TemporaryFolder folder;
    const StackShape stack = shape(600, 1100, 2);
    StackWriter writer(folder / "a.tif", stack);
    const auto code = [&](const Band &wrong) { return test::error_of([&] { writer.append(wrong); }).code; };
    CHECK(code(band(stack, 0, 512)) == Exit::internal);
    CHECK(code(band(stack, 1, 0)) == Exit::internal);
    Band cut = band(stack, 0, 0);
    cut.bytes.pop_back();
    CHECK(code(cut) == Exit::internal);
    for (int page = 0; page < 2; page++)
        for (int y = 0; y < 1100; y += band_rows) writer.append(band(stack, page, y));
    CHECK(code(band(stack, 2, 0)) == Exit::internal);
    writer.finish();
    CHECK(StackReader({folder / "a.tif"}).shape().pages == 2);
}

TEST_CASE("an output that cannot be created is exit code 73", "[error][writer]") {
    const test::TemporaryFolder folder;
    const auto code = [&](const std::filesystem::path &path) {
        return test::error_of([&] { StackWriter writer(path, shape(5, 5, 1)); }).code;
    };
    CHECK(code(folder / "no" / "folder.tif") == Exit::cannot_create);
    CHECK(code(folder.path()) == Exit::cannot_create);
    std::filesystem::permissions(folder.path(),
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
    const bool root = ::geteuid() == 0;
    if (root) REQUIRE(::seteuid(65534) == 0);
    CHECK(code(folder / "a.tif") == Exit::cannot_create);
    if (root) REQUIRE(::seteuid(0) == 0);
    std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_all);
}

TEST_CASE("a full disk is exit code 74 and leaves no file", "[error][writer]") {
    const test::TemporaryFolder folder;
    // /dev/full behind the temporary name: each write fails with ENOSPC, as on a full disk.
    std::filesystem::create_symlink("/dev/full", folder / "a.tif.part");
    const Error error =
        test::error_of([&] { write_stack<uint8_t>(folder / "a.tif", random_pages<uint8_t>(1, 1, 600, 600)); });
    CHECK(error.code == Exit::io);
    CHECK_THAT(error.what(), Catch::Contains("a.tif: writing failed: No space left on device"));
    CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a limit on the size of files is exit code 74 wherever it strikes", "[error][writer]") {
    const test::TemporaryFolder folder;
    write_stack<uint8_t>(folder / "whole.tif", random_pages<uint8_t>(3, 1, 1024, 1024));
    const auto whole = rlim_t(std::filesystem::file_size(folder / "whole.tif"));
    for (const rlim_t limit : {rlim_t(10), rlim_t(100000), whole / 2, whole - 300, whole - 1, whole}) {
        CAPTURE(limit, whole);
        const pid_t child = ::fork();
        if (child == 0) {
            std::signal(SIGXFSZ, SIG_IGN);  // as main() does
            const rlimit bytes{limit, limit};
            ::setrlimit(RLIMIT_FSIZE, &bytes);
            ::_exit(int(write_noise(folder / "limited.tif")));
        }
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        REQUIRE(WIFEXITED(status));
        const bool fits = limit >= whole;
        CHECK(WEXITSTATUS(status) == int(fits ? Exit::done : Exit::io));
        CHECK(std::filesystem::exists(folder / "limited.tif") == fits);
        CHECK_FALSE(std::filesystem::exists(folder / "limited.tif.part"));
    }
}
