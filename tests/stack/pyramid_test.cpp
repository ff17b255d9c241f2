#include "src/base/random.h"
#include "src/stack/describe.h"
#include "src/stack/image_stack.h"
#include "src/stack/stack_writer.h"
#include "src/stack/stored_stack.h"
#include "tests/stack/support.h"
#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstring>
#include <tiffio.h>

using namespace unet;

namespace {

/// One plane, in doubles, which hold all values of the types.
struct Plane {
    int width = 0, height = 0;
    std::vector<double> values;

    double at(int x, int y) const { return values[size_t(y) * size_t(width) + size_t(x)]; }
};

/// What a level of the pyramid is, pixel by pixel.
Plane half_of(const Plane &page, Pyramid pyramid, bool integers) {
    Plane half{(page.width + 1) / 2, (page.height + 1) / 2, {}};
    for (int y = 0; y < half.height; y++)
        for (int x = 0; x < half.width; x++) {
            std::vector<double> inside;
            for (int j = 2 * y; j < std::min(2 * y + 2, page.height); j++)
                for (int i = 2 * x; i < std::min(2 * x + 2, page.width); i++) inside.push_back(page.at(i, j));
            double value = 0;
            if (pyramid == Pyramid::mean) {
                for (const double v : inside) value += v / double(inside.size());
                if (integers) value = std::floor(value + 0.5);
            } else {
                value = *std::max_element(inside.begin(), inside.end(), [&](double a, double b) {
                    return std::count(inside.begin(), inside.end(), a) < std::count(inside.begin(), inside.end(), b);
                });
            }
            half.values.push_back(value);
        }
    return half;
}

StackShape shape_of(int width, int height, int pages, int samples, SampleType type) {
    return {.width = width, .height = height, .samples = samples, .pages = pages, .type = type, .voxel = {}};
}

/// A value below 1 of a float, of few values of an integer, so that some are more frequent than others.
double value_of(SampleType type, Random &random) {
    if (type == SampleType::f32) return double(float(random.below(1 << 20)) / float(1 << 20));
    return random.below(2) ? random.below(4) : random.below(type == SampleType::u8 ? 256 : 65536);
}

std::vector<Plane> random_planes(const StackShape &stack) {
    Random random(7, uint64_t(stack.width));
    std::vector<Plane> planes(size_t(stack.pages) * size_t(stack.samples));
    for (Plane &plane : planes) {
        plane = {stack.width, stack.height, {}};
        for (int i = 0; i < stack.width * stack.height; i++) plane.values.push_back(value_of(stack.type, random));
    }
    return planes;
}

void put(std::vector<uint8_t> &bytes, SampleType type, double value) {
    const auto add = [&](auto sample) {
        uint8_t raw[sizeof sample];
        std::memcpy(raw, &sample, sizeof sample);
        bytes.insert(bytes.end(), raw, raw + sizeof sample);
    };
    switch (type) {
    case SampleType::u8: return add(uint8_t(value));
    case SampleType::u16: return add(uint16_t(value));
    case SampleType::u32: return add(uint32_t(value));
    default: return add(float(value));
    }
}

double get(const uint8_t *bytes, SampleType type) {
    const auto read = [&](auto sample) {
        std::memcpy(&sample, bytes, sizeof sample);
        return double(sample);
    };
    switch (type) {
    case SampleType::u8: return read(uint8_t());
    case SampleType::u16: return read(uint16_t());
    case SampleType::u32: return read(uint32_t());
    default: return read(float());
    }
}

std::vector<Band> bands_of(const StackShape &stack, const std::vector<Plane> &planes) {
    std::vector<Band> bands;
    for (int page = 0; page < stack.pages; page++)
        for (int y = 0; y < stack.height; y += band_rows) {
            Band band{page, y, std::min(band_rows, stack.height - y), {}};
            for (int plane = 0; plane < stack.samples; plane++)
                for (int row = y; row < y + band.rows; row++)
                    for (int x = 0; x < stack.width; x++)
                        put(band.bytes, stack.type, planes[size_t(page * stack.samples + plane)].at(x, row));
            bands.push_back(std::move(band));
        }
    return bands;
}

void write(const std::filesystem::path &path, const StackShape &stack, const std::vector<Band> &bands,
           const WriterOptions &options) {
    StackWriter writer(path, stack, {{"model", "1"}}, options);
    for (const Band &band : bands) writer.append(band);
    writer.finish();
}

int complaints = 0;
void count_complaint(const char *, const char *, va_list) { complaints++; }

/// A file as libtiff sees it; whatever it complains about is counted.
class Opened {
public:
    explicit Opened(const std::filesystem::path &path)
        : warn_(TIFFSetWarningHandler(count_complaint)), fail_(TIFFSetErrorHandler(count_complaint)),
          tiff_((complaints = 0, TIFFOpen(path.c_str(), "r"))) {}
    ~Opened() {
        TIFFClose(tiff_);
        TIFFSetWarningHandler(warn_);
        TIFFSetErrorHandler(fail_);
    }
    TIFF *operator*() const { return tiff_; }
    std::vector<uint64_t> subdirectories() const {
        uint16_t count = 0;
        toff_t *offsets = nullptr;
        if (!TIFFGetField(tiff_, TIFFTAG_SUBIFD, &count, &offsets)) return {};
        return {offsets, offsets + count};
    }
    Plane plane(SampleType type) const {
        uint32_t width = 0, height = 0;
        TIFFGetField(tiff_, TIFFTAG_IMAGEWIDTH, &width);
        TIFFGetField(tiff_, TIFFTAG_IMAGELENGTH, &height);
        Plane plane{int(width), int(height), std::vector<double>(size_t(width) * height)};
        std::vector<uint8_t> tile(size_t(TIFFTileSize(tiff_)));
        for (uint32_t y = 0; y < height; y += 512)
            for (uint32_t x = 0; x < width; x += 512) {
                REQUIRE(TIFFReadTile(tiff_, tile.data(), x, y, 0, 0) == tmsize_t(tile.size()));
                for (uint32_t j = y; j < std::min(y + 512, height); j++)
                    for (uint32_t i = x; i < std::min(x + 512, width); i++)
                        plane.values[size_t(j) * width + i] =
                            get(&tile[((j - y) * 512 + i - x) * bytes_per_sample(type)], type);
            }
        return plane;
    }

private:
    TIFFErrorHandler warn_, fail_;
    TIFF *tiff_;
};

uint32_t kind_of(const Opened &file) {
    uint32_t kind = 0;
    TIFFGetField(*file, TIFFTAG_SUBFILETYPE, &kind);
    return kind;
}

}  // namespace

TEST_CASE("each level of a pyramid is what the one above says, as libtiff reads it", "[definition][pyramid]") {
    const auto [width, height, pages, samples, type, pyramid, levels] =
        GENERATE(table<int, int, int, int, SampleType, Pyramid, int>({
            {1, 1, 1, 1, SampleType::u8, Pyramid::mean, 1},
            {512, 512, 2, 2, SampleType::u8, Pyramid::most_frequent, 1},
            {513, 1, 1, 1, SampleType::u8, Pyramid::most_frequent, 2},
            {1, 2500, 2, 2, SampleType::u16, Pyramid::mean, 4},
            {1301, 1127, 2, 3, SampleType::u8, Pyramid::mean, 3},
            {1027, 515, 3, 1, SampleType::u8, Pyramid::most_frequent, 3},
            {515, 1030, 1, 2, SampleType::f32, Pyramid::mean, 3},
            {700, 600, 1, 1, SampleType::u32, Pyramid::most_frequent, 2},
            {700, 1025, 1, 1, SampleType::u16, Pyramid::most_frequent, 3},
        }));
    const TileStorage storage = GENERATE(TileStorage::deflate, TileStorage::plain);
    CAPTURE(width, height, pages, samples, int(type), int(pyramid), int(storage));
    const test::TemporaryFolder folder;
    const StackShape stack = shape_of(width, height, pages, samples, type);
    const std::vector<Plane> planes = random_planes(stack);
    write(folder / "a.tif", stack, bands_of(stack, planes), {.storage = storage, .pyramid = pyramid});

    const Opened file(folder / "a.tif");
    for (size_t number = 0; number < planes.size(); number++) {
        REQUIRE(TIFFSetDirectory(*file, tdir_t(number)));
        CHECK(kind_of(file) == 0);
        Plane level = planes[number];
        const bool page_is_equal = file.plane(type).values == level.values;
        CHECK(page_is_equal);
        const std::vector<uint64_t> smaller = file.subdirectories();
        REQUIRE(smaller.size() == size_t(levels - 1));
        for (const uint64_t offset : smaller) {
            level = half_of(level, pyramid, type != SampleType::f32);
            REQUIRE(TIFFSetSubDirectory(*file, offset));
            CHECK(kind_of(file) == FILETYPE_REDUCEDIMAGE);
            const Plane found = file.plane(type);
            CHECK(found.width == level.width);
            CHECK(found.height == level.height);
            const bool level_is_equal = found.values == level.values;
            CHECK(level_is_equal);
        }
        CHECK(std::max(level.width, level.height) <= 512);
    }
    CHECK(TIFFNumberOfDirectories(*file) == planes.size());
    CHECK(complaints == 0);
}

TEST_CASE("levels are no pages, and the pages are those of a file without", "[definition][pyramid]") {
    const test::TemporaryFolder folder;
    const StackShape stack = shape_of(600, 1100, 2, 3, SampleType::u8);
    const std::vector<Band> bands = bands_of(stack, random_planes(stack));
    write(folder / "with.tif", stack, bands, {.pyramid = Pyramid::mean});
    write(folder / "without.tif", stack, bands, {});
    const ImageStack with({folder / "with.tif"}), without({folder / "without.tif"});
    CHECK(with.shape() == without.shape());
    for (int page = 0; page < 2; page++)
        CHECK(with.read(page, test::whole(stack)) == without.read(page, test::whole(stack)));
    const FileDescription file = describe_file(folder / "with.tif");
    CHECK(file.pages == 6);
    CHECK(file.directories == 6);
    CHECK(file.auxiliary == 0);
    CHECK(file.layout.sub_directories == 2);
    CHECK(file.axes == std::vector<Axis>{{'Z', 2}, {'C', 3}, {'Y', 1100}, {'X', 600}});
}

TEST_CASE("a file with a pyramid is told from one without", "[definition][pyramid]") {
    const test::TemporaryFolder folder;
    const TileStorage storage = GENERATE(TileStorage::deflate, TileStorage::plain);
    const StackShape large = shape_of(600, 30, 1, 1, SampleType::u8), small = shape_of(60, 30, 1, 1, SampleType::u8);
    const auto is = [&](const StackShape &stack, Pyramid written, Pyramid asked) {
        write(folder / "a.tif", stack, bands_of(stack, random_planes(stack)), {.storage = storage, .pyramid = written});
        return is_stack_of(folder / "a.tif", stack, {{"model", "1"}}, storage, asked);
    };
    CHECK(is(large, Pyramid::mean, Pyramid::mean));
    CHECK_FALSE(is(large, Pyramid::mean, Pyramid::none));
    CHECK_FALSE(is(large, Pyramid::none, Pyramid::mean));
    CHECK(is(small, Pyramid::mean, Pyramid::none));  // one tile is its own pyramid
}

TEST_CASE("a pyramid that was given up anywhere is made again to the same bytes", "[repeat][pyramid]") {
    const test::TemporaryFolder folder;
    const TileStorage storage = GENERATE(TileStorage::deflate, TileStorage::plain);
    const int stop = GENERATE(0, 1, 3, 5);
    CAPTURE(stop);
    const StackShape stack = shape_of(1100, 1100, 2, 2, SampleType::u8);
    const std::vector<Band> bands = bands_of(stack, random_planes(stack));
    WriterOptions options{.storage = storage, .pyramid = Pyramid::mean, .resumable = true};
    write(folder / "whole.tif", stack, bands, options);
    const auto give_up = [&](StackWriter &writer) {
        int done = 0;
        const auto band_done = [&] {
            if (done++ == stop) throw Error(Exit::interrupted, "stopped; go on");
        };
        CHECK(test::error_of([&] { writer.finish(band_done); }).code == Exit::interrupted);
    };
    {
        StackWriter writer(folder / "a.tif", stack, {{"model", "1"}}, options);
        for (const Band &band : bands) writer.append(band);
        options.progress = writer.progress();
        give_up(writer);
    }
    {
        StackWriter again(folder / "a.tif", stack, {{"model", "1"}}, options);
        give_up(again);
    }
    CHECK_FALSE(std::filesystem::exists(folder / "a.tif"));
    StackWriter last(folder / "a.tif", stack, {{"model", "1"}}, options);
    last.finish();
    CHECK(test::bytes_of(folder / "a.tif") == test::bytes_of(folder / "whole.tif"));
}

TEST_CASE("a band that cannot be decoded ends the pyramid with its reason", "[error][pyramid]") {
    const test::TemporaryFolder folder;
    const StackShape stack = shape_of(600, 1100, 1, 1, SampleType::u8);
    StackWriter writer(folder / "a.tif", stack, {}, {.pyramid = Pyramid::mean});
    const std::vector<Band> bands = bands_of(stack, random_planes(stack));
    writer.append(bands[0]);
    const uint64_t end = writer.progress().end;
    writer.append(bands[1]);
    writer.append(bands[2]);
    std::vector<uint8_t> bytes = test::bytes_of(folder / "a.tif.part");
    std::fill_n(bytes.begin() + std::ptrdiff_t(end), 64, uint8_t(0xff));
    test::put_bytes(folder / "a.tif.part", bytes);
    const Error error = test::error_of([&] { writer.finish(); });
    CHECK(error.code == Exit::data);
    CHECK_THAT(error.what(), Catch::Contains("a.tif.part: a tile cannot be decoded"));
    CHECK_FALSE(std::filesystem::exists(folder / "a.tif"));
}
