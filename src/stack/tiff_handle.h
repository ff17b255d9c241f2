// One open TIFF: libtiff behind our own reads, silent, with its messages kept.
#pragma once
#include "src/stack/page_layout.h"
#include "src/stack/tiff_directory.h"
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

struct tiff;

namespace unet {

/// What a page says about itself in words and resolution tags.
struct PageNotes {
    std::string description;
    double resolution_x = 0, resolution_y = 0;  ///< pixels per unit; 0 when not given
    uint16_t resolution_unit = 2;               ///< 1 none, 2 inch, 3 centimetre
};

/// A strip or tile that cannot be decoded; whoever knows the page makes an Error of it.
struct DamagedBlock {
    std::string fact;  ///< fact and remedy
};

/// For one thread at a time. Stands on one directory, of which it knows the layout.
class TiffHandle {
public:
    explicit TiffHandle(const std::filesystem::path &path);
    TiffHandle(const TiffHandle &) = delete;
    TiffHandle &operator=(const TiffHandle &) = delete;
    ~TiffHandle();

    const TiffFile &file() const { return file_; }

    /// Goes to the directory at `offset` and returns its layout. Throws Error(data) when libtiff or our own checks
    /// refuse it; the handle must not be used after that (libtiff issue 618).
    const PageLayout &go_to(uint64_t offset);
    bool stands_on(uint64_t offset) const { return directory_ == offset; }
    PageNotes notes() const;  ///< of the current directory

    /// Where block `block` of the current directory begins in the file.
    uint64_t block_offset(uint64_t block) const;
    /// Block `block` of the current directory, decoded, samples in host byte order. Valid until the next call.
    /// Throws DamagedBlock when it is damaged, even where the codec goes on after a fault.
    const uint8_t *decode(uint64_t block);
    /// The same, for the caller to keep.
    std::vector<uint8_t> take(uint64_t block);

private:
    struct Messages {
        std::string error, warning;
        std::string disk_fault;  // what reading the file itself threw
    };
    static int keep_error(tiff *, void *, const char *, const char *, va_list);
    static int keep_warning(tiff *, void *, const char *, const char *, va_list);
    PageLayout read_layout() const;
    bool warnings_are_damage() const;
    void check_disk() const;

    TiffFile file_;
    Messages messages_;
    uint64_t position_ = 0;  // libtiff's idea of where it reads
    std::optional<uint64_t> directory_, decoded_block_;
    PageLayout layout_;
    std::vector<uint8_t> decoded_;
    tiff *tiff_ = nullptr;

    friend struct TiffCallbacks;
};

}  // namespace unet
