#include "src/base/output_file.h"
#include "src/base/error.h"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace unet {

OutputFile::OutputFile(const std::filesystem::path &path, const std::filesystem::path &shown, Open open)
    : shown_(shown.string()) {
    descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor_ < 0)
        throw Error(Exit::cannot_create,
                    shown_ + ": cannot be created: " + std::strerror(errno) + "; check the folder and its permissions");
    if (open == Open::alone && ::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        ::close(descriptor_);
        throw Error(Exit::cannot_create, shown_ + ": is being written by another run; wait for it, or stop it");
    }
}

OutputFile::~OutputFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

void OutputFile::fail(int reason) const {
    throw Error(Exit::io, shown_ + ": writing failed: " + std::strerror(reason) +
                              "; free space or raise the quota, then run it again");
}

uint64_t OutputFile::bytes() const {
    struct stat status = {};
    if (::fstat(descriptor_, &status) != 0) fail(errno);
    return uint64_t(status.st_size);
}

void OutputFile::write(uint64_t position, const void *bytes, size_t count) {
    for (size_t done = 0; done < count;) {
        const ssize_t put =
            ::pwrite(descriptor_, static_cast<const char *>(bytes) + done, count - done, off_t(position + done));
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) fail(put < 0 ? errno : ENOSPC);
        done += size_t(put);
    }
}

void OutputFile::resize(uint64_t bytes) {
    if (::ftruncate(descriptor_, off_t(bytes)) != 0 && errno != EINVAL) fail(errno);  // EINVAL: a device
}

void OutputFile::flush() {
    if (::fsync(descriptor_) != 0 && errno != EINVAL) fail(errno);  // EINVAL: a device, which has nothing to flush
}

void OutputFile::close() {
    const int failed = ::close(descriptor_);
    const int reason = errno;
    descriptor_ = -1;
    if (failed) fail(reason);
}

}  // namespace unet
