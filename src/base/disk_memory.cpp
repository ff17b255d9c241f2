#include "src/base/disk_memory.h"
#include "src/base/error.h"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

namespace unet {

namespace {

constexpr size_t least_bytes = 1 << 16, most_growth = size_t(1) << 30;

// Some file systems (NFS) know no file without a name: there it loses its name at once.
int open_nameless(const std::filesystem::path &folder) {
    const int descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor >= 0) return descriptor;
    std::string name = (folder / ".unetflow.XXXXXX").string();
    const int named = ::mkostemp(name.data(), O_CLOEXEC);
    if (named >= 0) ::unlink(name.c_str());
    return named;
}

}  // namespace

DiskMemory::DiskMemory(const std::filesystem::path &folder) : folder_(folder.empty() ? "." : folder) {}

DiskMemory::~DiskMemory() {
    if (data_) ::munmap(data_, bytes_);
    if (descriptor_ >= 0) ::close(descriptor_);
}

void DiskMemory::grow(size_t bytes) {
    if (descriptor_ < 0) descriptor_ = open_nameless(folder_);
    if (descriptor_ < 0)
        throw Error(Exit::cannot_create, folder_.string() + ": no temporary file can be made there: " +
                                             std::strerror(errno) + "; write into another folder");
    const size_t wanted = std::max({bytes, std::min(2 * bytes_, bytes_ + most_growth), least_bytes});
    const auto fail = [&](int reason) {
        throw Error(Exit::io, folder_.string() + ": a temporary file of " + std::to_string(wanted) +
                                  " bytes cannot be kept there: " + std::strerror(reason) + "; make space");
    };
    int reason = EINTR;
    while (reason == EINTR)
        reason = ::posix_fallocate(descriptor_, 0, off_t(wanted));  // a signal is no fault of the disk
    if (reason) fail(reason);
    void *data = data_ ? ::mremap(data_, bytes_, wanted, MREMAP_MAYMOVE)
                       : ::mmap(nullptr, wanted, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_, 0);
    if (data == MAP_FAILED) fail(errno);
    data_ = data;
    bytes_ = wanted;
}

}  // namespace unet
