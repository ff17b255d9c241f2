#include "src/stack/tiff_output.h"
#include "src/base/error.h"
#include "src/stack/plain_text.h"
#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <tiffio.h>
#include <unistd.h>

namespace unet {

struct OutputCallbacks {
    static TiffOutput &self(thandle_t handle) { return *static_cast<TiffOutput *>(handle); }

    static tmsize_t read(thandle_t handle, void *bytes,
                         tmsize_t count) {  // libtiff links directories by reading them back
        TiffOutput &out = self(handle);
        const ssize_t got = ::pread(out.descriptor_, bytes, size_t(count), off_t(out.position_));
        if (got > 0) out.position_ += uint64_t(got);
        return got;
    }

    static tmsize_t write(thandle_t handle, void *bytes, tmsize_t count) {
        TiffOutput &out = self(handle);
        tmsize_t done = 0;
        while (done < count) {
            const ssize_t put = ::pwrite(out.descriptor_, static_cast<const char *>(bytes) + done, size_t(count - done),
                                         off_t(out.position_));
            if (put < 0 && errno == EINTR) continue;
            if (put <= 0) {
                if (!out.reason_) out.reason_ = put < 0 ? errno : ENOSPC;
                return -1;
            }
            done += put;
            out.position_ += uint64_t(put);
            out.bytes_ = std::max(out.bytes_, out.position_);
        }
        return done;
    }

    static toff_t seek(thandle_t handle, toff_t offset, int origin) {
        TiffOutput &out = self(handle);
        const uint64_t base = origin == SEEK_SET ? 0 : origin == SEEK_CUR ? out.position_ : out.bytes_;
        return out.position_ = base + offset;
    }
    static int close(thandle_t) { return 0; }
    static toff_t size(thandle_t handle) { return self(handle).bytes_; }

    static int keep_error(tiff *, void *user, const char *module, const char *format, va_list values) {
        std::string &message = static_cast<TiffOutput *>(user)->message_;
        char text[400];
        std::vsnprintf(text, sizeof text, format, values);
        if (message.empty()) message = plain_text(module ? std::string(module) + ": " + text : text);
        return 1;
    }
    static int drop_warning(tiff *, void *, const char *, const char *, va_list) { return 1; }
};

TiffOutput::TiffOutput(const std::filesystem::path &path, const std::filesystem::path &shown) : shown_(shown.string()) {
    descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor_ < 0)
        throw Error(Exit::cannot_create,
                    shown_ + ": cannot be created: " + std::strerror(errno) + "; check the folder and its permissions");
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    TIFFOpenOptionsSetErrorHandlerExtR(options, OutputCallbacks::keep_error, this);
    TIFFOpenOptionsSetWarningHandlerExtR(options, OutputCallbacks::drop_warning, this);
    tiff_ = TIFFClientOpenExt(path.c_str(), "w8l", this, OutputCallbacks::read, OutputCallbacks::write,
                              OutputCallbacks::seek, OutputCallbacks::close, OutputCallbacks::size, nullptr, nullptr,
                              options);
    TIFFOpenOptionsFree(options);
    if (!tiff_) {
        ::close(descriptor_);
        check(false);
    }
}

TiffOutput::~TiffOutput() {
    if (tiff_) TIFFCleanup(tiff_);  // unlike TIFFClose it writes nothing: the file is being given up
    if (descriptor_ >= 0) ::close(descriptor_);
}

void TiffOutput::check(bool done) const {
    if (done && !reason_) return;
    const std::string fact = reason_ ? std::strerror(reason_) : message_;
    throw Error(Exit::io, shown_ + ": writing failed: " + fact + "; free space or raise the quota, then run it again");
}

void TiffOutput::close() {
    const bool flushed = TIFFFlush(tiff_) != 0;
    TIFFCleanup(tiff_);
    tiff_ = nullptr;
    check(flushed);
    const int failed = ::close(descriptor_);
    if (failed) reason_ = errno;
    descriptor_ = -1;
    check(true);
}

}  // namespace unet
