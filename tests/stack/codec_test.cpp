#include "src/base/random.h"
#include "src/stack/stack_reader.h"
#include "tests/stack/support.h"
#include <algorithm>
#include <cstdlib>
#include <tiffio.h>

using namespace unet;

namespace {

struct Codec {
    const char *name;
    int compression, bits, samples, photometric;
    int tolerance;  // of lossy codecs, in gray values
};

// Not here: word-aligned CCITT (32771), which libtiff 4.5 itself cannot read back, and codecs without an encoder.
const Codec codecs[] = {
    {"none", COMPRESSION_NONE, 8, 3, PHOTOMETRIC_RGB, 0},
    {"ccitt-rle", COMPRESSION_CCITTRLE, 1, 1, PHOTOMETRIC_MINISBLACK, 0},
    {"ccitt-g3", COMPRESSION_CCITTFAX3, 1, 1, PHOTOMETRIC_MINISBLACK, 0},
    {"ccitt-g4", COMPRESSION_CCITTFAX4, 1, 1, PHOTOMETRIC_MINISBLACK, 0},
    {"jbig", COMPRESSION_JBIG, 1, 1, PHOTOMETRIC_MINISBLACK, 0},
    {"lzw", COMPRESSION_LZW, 8, 1, PHOTOMETRIC_MINISBLACK, 0},
    {"packbits", COMPRESSION_PACKBITS, 8, 1, PHOTOMETRIC_MINISBLACK, 0},
    {"deflate", COMPRESSION_ADOBE_DEFLATE, 16, 1, PHOTOMETRIC_MINISBLACK, 0},
    {"old deflate", COMPRESSION_DEFLATE, 8, 1, PHOTOMETRIC_MINISBLACK, 0},
    {"lzma", COMPRESSION_LZMA, 8, 1, PHOTOMETRIC_MINISBLACK, 0},
    {"zstd", COMPRESSION_ZSTD, 16, 3, PHOTOMETRIC_RGB, 0},
    {"lerc", COMPRESSION_LERC, 8, 1, PHOTOMETRIC_MINISBLACK, 0},
    // A smooth ramp: JPEG at quality 100 and PixarLog's table of 11 bits round it by a few gray values.
    {"jpeg gray", COMPRESSION_JPEG, 8, 1, PHOTOMETRIC_MINISBLACK, 3},
    {"jpeg color", COMPRESSION_JPEG, 8, 3, PHOTOMETRIC_YCBCR, 6},
    {"pixarlog", COMPRESSION_PIXARLOG, 8, 3, PHOTOMETRIC_RGB, 2},
};

constexpr int width = 75, height = 40, rows_per_strip = 16;

int value(const Codec &codec, int x, int y, int k) {
    if (codec.bits == 1) return (x / 7 + y / 3 + x * y / 50) % 2;
    return (x * 2 + y + 20 * k) * (codec.bits == 16 ? 100 : 1);
}

std::vector<uint8_t> encoded_row(const Codec &codec, int y) {
    std::vector<uint8_t> row(size_t(width * codec.samples * codec.bits + 7) / 8);
    for (int i = 0; i < width * codec.samples; i++) {
        const int number = value(codec, i / codec.samples, y, i % codec.samples);
        if (codec.bits == 1) row[i / 8] |= uint8_t(number << (7 - i % 8));
        else if (codec.bits == 8) row[i] = uint8_t(number);
        else row[2 * i] = uint8_t(number), row[2 * i + 1] = uint8_t(number >> 8);
    }
    return row;
}

void write(const Codec &codec, const std::filesystem::path &path) {
    TIFFSetWarningHandler(nullptr);  // old codec numbers are meant
    TIFF *tiff = TIFFOpen(path.c_str(), "wl");
    REQUIRE(tiff);
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, height);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, codec.bits);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, codec.samples);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, codec.compression);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, codec.photometric);
    const int rows =
        codec.compression == COMPRESSION_JBIG ? height : rows_per_strip;  // its encoder knows one strip only
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, rows);
    if (codec.compression == COMPRESSION_JPEG) TIFFSetField(tiff, TIFFTAG_JPEGQUALITY, 100);
    if (codec.photometric == PHOTOMETRIC_YCBCR) TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    for (int top = 0; top < height; top += rows) {
        std::vector<uint8_t> strip;
        for (int y = top; y < std::min(top + rows, height); y++) {
            const std::vector<uint8_t> row = encoded_row(codec, y);
            strip.insert(strip.end(), row.begin(), row.end());
        }
        CHECK(TIFFWriteEncodedStrip(tiff, uint32_t(top / rows), strip.data(), tmsize_t(strip.size())) > 0);
    }
    TIFFClose(tiff);
}

}  // namespace

TEST_CASE("every codec that libtiff writes is read", "[definition][reader][codec]") {
    for (const Codec &codec : codecs) {
        CAPTURE(codec.name);
        if (!TIFFIsCODECConfigured(uint16_t(codec.compression))) {
            WARN(std::string(codec.name) + " is not configured in this libtiff");
            continue;
        }
        const test::TemporaryFolder folder;
        write(codec, folder / "a.tif");
        const StackReader stack({folder / "a.tif"});
        const Pixels pixels = stack.read(0, {0, 0, width, height});
        int worst = 0;
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int k = 0; k < codec.samples; k++)
                    worst = std::max(worst, std::abs(int(pixels(k, x, y)) - value(codec, x, y, k)));
        CHECK(worst <= codec.tolerance);
    }
}

TEST_CASE("damage that a codec only warns of is an error", "[error][reader][codec]") {
    // These decoders fill up what is missing and go on, so the file's last bytes are cut off inside the last strip.
    const Codec &codec = codecs[GENERATE(1, 2, 3, 6, 12, 13)];
    CAPTURE(codec.name);
    const test::TemporaryFolder folder;
    const auto path = folder / "a.tif";
    write(codec, path);
    std::vector<uint8_t> bytes = test::bytes_of(path);
    TIFF *tiff = TIFFOpen(path.c_str(), "r");
    const uint64_t offset = TIFFGetStrileOffset(tiff, 2), count = TIFFGetStrileByteCount(tiff, 2);
    TIFFClose(tiff);
    std::fill(bytes.begin() + long(offset + count / 2), bytes.begin() + long(offset + count), 0);
    test::put_bytes(path, bytes);

    const StackReader stack({path});
    CHECK(stack.read(0, {0, 0, width, 2 * rows_per_strip}).values.size() > 0);
    const Error error = test::error_of([&] { stack.read(0, {0, 0, width, height}); });
    CHECK(error.code == Exit::data);
    CHECK_THAT(error.what(), Catch::Contains("page 0") && Catch::Contains("strip 2 is damaged"));
}
