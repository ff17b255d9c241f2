// A TIFF file being written: libtiff behind our own writes, silent, with the reason of a failure kept.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

struct tiff;

namespace unet {

/// Creates (or empties) a little-endian BigTIFF. Throws Error(cannot_create) when it cannot.
class TiffOutput {
public:
    /// `path` is written to; messages name `shown`, the file the user asked for.
    TiffOutput(const std::filesystem::path &path, const std::filesystem::path &shown);
    TiffOutput(const TiffOutput &) = delete;
    TiffOutput &operator=(const TiffOutput &) = delete;
    ~TiffOutput();

    tiff *get() const { return tiff_; }
    /// Throws Error(io) with the system's reason unless `done` and all writes so far succeeded.
    void check(bool done) const;
    /// Closes the file. Throws Error(io) when something could not be written.
    void close();

private:
    friend struct OutputCallbacks;
    std::string shown_;
    int descriptor_ = -1;
    uint64_t position_ = 0, bytes_ = 0;
    int reason_ = 0;       // errno of the first failed write
    std::string message_;  // libtiff's first error
    tiff *tiff_ = nullptr;
};

}  // namespace unet
