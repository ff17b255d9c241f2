#include "src/stack/tiff_handle.h"
#include "src/base/error.h"
#include "src/stack/plain_text.h"
#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <limits>
#include <tiffio.h>
#include <utility>

namespace unet {

/// libtiff reads through these, so that no file position is shared and nothing is mapped: a file that shrinks while it
/// is read gives a short read, not SIGBUS. Exceptions must not pass through libtiff's C code.
struct TiffCallbacks {
    static TiffHandle &self(thandle_t handle) { return *static_cast<TiffHandle *>(handle); }

    static tmsize_t read(thandle_t handle, void *bytes, tmsize_t count) {
        TiffHandle &tiff = self(handle);
        try {
            const size_t got = tiff.file_.read_some(tiff.position_, bytes, size_t(count));
            tiff.position_ += got;
            return tmsize_t(got);
        } catch (const Error &error) {
            tiff.messages_.disk_fault = error.what();
            return -1;
        }
    }
    static tmsize_t write(thandle_t, void *, tmsize_t) { return -1; }
    static toff_t seek(thandle_t handle, toff_t offset, int origin) {
        TiffHandle &tiff = self(handle);
        const uint64_t base = origin == SEEK_SET ? 0 : origin == SEEK_CUR ? tiff.position_ : tiff.file_.bytes();
        return tiff.position_ = base + offset;
    }
    static int close(thandle_t) { return 0; }
    static toff_t size(thandle_t handle) { return self(handle).file_.bytes(); }
};

namespace {

std::string formatted(const char *module, const char *format, va_list values) {
    char text[400];
    std::vsnprintf(text, sizeof text, format, values);
    return plain_text(module ? std::string(module) + ": " + text : text);
}

template<class T>
T field(TIFF *tiff, uint32_t tag, T otherwise) {
    T value = otherwise;
    return TIFFGetFieldDefaulted(tiff, tag, &value) ? value : otherwise;
}

NumberFormat number_format(const std::string &name, uint16_t sample_format) {
    switch (sample_format) {
    case SAMPLEFORMAT_UINT:
    case SAMPLEFORMAT_VOID: return NumberFormat::unsigned_integer;
    case SAMPLEFORMAT_INT: return NumberFormat::signed_integer;
    case SAMPLEFORMAT_IEEEFP: return NumberFormat::floating;
    case SAMPLEFORMAT_COMPLEXINT:
    case SAMPLEFORMAT_COMPLEXIEEEFP: return NumberFormat::complex;
    }
    throw Error(Exit::data,
                name + ": sample format " + std::to_string(sample_format) + " does not exist; the file is damaged");
}

}  // namespace

int TiffHandle::keep_error(tiff *, void *user, const char *module, const char *format, va_list values) {
    Messages &messages = *static_cast<Messages *>(user);
    if (messages.error.empty()) messages.error = formatted(module, format, values);  // the first names the cause
    return 1;
}

int TiffHandle::keep_warning(tiff *, void *user, const char *module, const char *format, va_list values) {
    Messages &messages = *static_cast<Messages *>(user);
    if (messages.warning.empty()) messages.warning = formatted(module, format, values);
    return 1;
}

TiffHandle::TiffHandle(const std::filesystem::path &path) : file_(path) {
    constexpr tmsize_t largest_allocation =
        (tmsize_t(1) << 30) + (1 << 20);  // a block and what a codec needs beside it
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, largest_allocation);
    TIFFOpenOptionsSetErrorHandlerExtR(options, keep_error, &messages_);
    TIFFOpenOptionsSetWarningHandlerExtR(options, keep_warning, &messages_);
    // m: no memory map. c: strips as they are in the file, not chopped. h: header only, no directory yet.
    tiff_ =
        TIFFClientOpenExt(file_.name().c_str(), "rmch", this, TiffCallbacks::read, TiffCallbacks::write,
                          TiffCallbacks::seek, TiffCallbacks::close, TiffCallbacks::size, nullptr, nullptr, options);
    TIFFOpenOptionsFree(options);
    if (!tiff_)
        throw Error(Exit::data,
                    file_.name() + ": cannot be opened as TIFF (" + messages_.error + "); copy or export it again");
}

TiffHandle::~TiffHandle() { TIFFClose(tiff_); }

const PageLayout &TiffHandle::go_to(uint64_t offset) {
    if (directory_ == offset) return layout_;
    directory_.reset();
    decoded_block_.reset();
    messages_ = {};
    const bool there = TIFFSetSubDirectory(tiff_, offset) != 0;
    check_disk();
    if (!there)
        throw Error(Exit::data, file_.name() + ": the directory at byte " + std::to_string(offset) + " is damaged (" +
                                    messages_.error + "); copy or export the file again");
    layout_ = read_layout();
    directory_ = offset;
    // The codec then expands subsampled chroma and hands out plain RGB, as other readers do.
    if (layout_.compression == COMPRESSION_JPEG && layout_.photometric == PHOTOMETRIC_YCBCR && !layout_.planar)
        TIFFSetField(tiff_, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    return layout_;
}

PageLayout TiffHandle::read_layout() const {
    const auto refuse = [&](const std::string &fact) {
        throw Error(Exit::data, file_.name() + ": " + fact + "; the file is damaged, copy or export it again");
    };
    PageLayout page;
    page.width = field<uint32_t>(tiff_, TIFFTAG_IMAGEWIDTH, 0);
    page.height = field<uint32_t>(tiff_, TIFFTAG_IMAGELENGTH, 0);
    page.depth = field<uint32_t>(tiff_, TIFFTAG_IMAGEDEPTH, 1);
    page.samples = field<uint16_t>(tiff_, TIFFTAG_SAMPLESPERPIXEL, 1);
    page.bits = field<uint16_t>(tiff_, TIFFTAG_BITSPERSAMPLE, 1);
    page.format = number_format(file_.name(), field<uint16_t>(tiff_, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT));
    page.compression = field<uint16_t>(tiff_, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
    // Not the defaulted value: of a codec without predictor libtiff would make it up from that codec's state.
    TIFFGetField(tiff_, TIFFTAG_PREDICTOR, &page.predictor);
    page.photometric = field<uint16_t>(tiff_, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    page.fill_order = field<uint16_t>(tiff_, TIFFTAG_FILLORDER, FILLORDER_MSB2LSB);
    page.planar =
        page.samples > 1 && field<uint16_t>(tiff_, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE;
    page.tiled = TIFFIsTiled(tiff_) != 0;
    const auto old_subfile_type = field<uint16_t>(tiff_, TIFFTAG_OSUBFILETYPE, 0);
    page.auxiliary = (field<uint32_t>(tiff_, TIFFTAG_SUBFILETYPE, 0) & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) != 0 ||
                     old_subfile_type == OFILETYPE_REDUCEDIMAGE;
    if (page.photometric == PHOTOMETRIC_YCBCR)
        TIFFGetFieldDefaulted(tiff_, TIFFTAG_YCBCRSUBSAMPLING, &page.subsampling_x, &page.subsampling_y);
    toff_t *sub_directories = nullptr;
    TIFFGetField(tiff_, TIFFTAG_SUBIFD, &page.sub_directories, &sub_directories);

    constexpr auto longest = uint32_t(std::numeric_limits<int32_t>::max());
    if (page.width == 0 || page.height == 0 || page.width > longest || page.height > longest)
        refuse("a page of " + std::to_string(page.width) + " x " + std::to_string(page.height) +
               " pixels is impossible");
    if (page.samples == 0 || page.bits == 0)
        refuse("a page has " + std::to_string(page.samples) + " samples of " + std::to_string(page.bits) + " bits");
    if (page.tiled) {
        page.block_width = field<uint32_t>(tiff_, TIFFTAG_TILEWIDTH, 0);
        page.block_height = field<uint32_t>(tiff_, TIFFTAG_TILELENGTH, 0);
    } else {
        page.block_width = page.width;
        page.block_height = std::min(page.height, field<uint32_t>(tiff_, TIFFTAG_ROWSPERSTRIP, UINT32_MAX));
    }
    if (page.block_width == 0 || page.block_height == 0 || page.block_width > longest || page.block_height > longest)
        refuse("tiles or strips of " + std::to_string(page.block_width) + " x " + std::to_string(page.block_height) +
               " pixels are impossible");
    return page;
}

PageNotes TiffHandle::notes() const {
    PageNotes notes;
    const char *text = nullptr;
    constexpr size_t longest = size_t(64) << 20;  // OME-XML of a hundred thousand planes has about 20 MB
    if (TIFFGetField(tiff_, TIFFTAG_IMAGEDESCRIPTION, &text) && text)
        notes.description.assign(text, std::min(longest, std::char_traits<char>::length(text)));
    const auto resolution = [&](uint32_t tag) {
        const double value = field<float>(tiff_, tag, 0);
        return std::isfinite(value) && value > 0 ? value : 0;
    };
    notes.resolution_x = resolution(TIFFTAG_XRESOLUTION);
    notes.resolution_y = resolution(TIFFTAG_YRESOLUTION);
    notes.resolution_unit = field<uint16_t>(tiff_, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
    return notes;
}

uint64_t TiffHandle::block_offset(uint64_t block) const { return TIFFGetStrileOffset(tiff_, uint32_t(block)); }

/// These codecs go on after a fault with gray or repeated rows, and only warn. (The others' warnings are about style.)
bool TiffHandle::warnings_are_damage() const {
    switch (layout_.compression) {
    case COMPRESSION_CCITTRLE:
    case COMPRESSION_CCITTFAX3:
    case COMPRESSION_CCITTFAX4:
    case COMPRESSION_CCITTRLEW:
    case COMPRESSION_JPEG:
    case COMPRESSION_PACKBITS: return true;
    default: return false;
    }
}

void TiffHandle::check_disk() const {
    if (!messages_.disk_fault.empty()) throw Error(Exit::io, messages_.disk_fault);
}

const uint8_t *TiffHandle::decode(uint64_t block) {
    if (decoded_block_ == block) return decoded_.data();
    decoded_block_.reset();
    messages_ = {};
    const auto size = tmsize_t(layout_.block_bytes(block));  // PageLayout::obstacle() bounds it
    decoded_.resize(size_t(size));
    const tmsize_t got = layout_.tiled ? TIFFReadEncodedTile(tiff_, uint32_t(block), decoded_.data(), size)
                                       : TIFFReadEncodedStrip(tiff_, uint32_t(block), decoded_.data(), size);
    check_disk();
    std::string fault = messages_.error;
    if (fault.empty() && warnings_are_damage()) fault = messages_.warning;
    if (fault.empty() && got != size)
        fault = "it decodes to " + std::to_string(got) + " bytes instead of " + std::to_string(size);
    if (!fault.empty())
        throw DamagedBlock{std::string(layout_.tiled ? "tile " : "strip ") + std::to_string(block) + " is damaged (" +
                           fault + "); copy or export the file again"};
    decoded_block_ = block;
    return decoded_.data();
}

std::vector<uint8_t> TiffHandle::take(uint64_t block) {
    decode(block);
    decoded_block_.reset();
    return std::exchange(decoded_, {});
}

}  // namespace unet
