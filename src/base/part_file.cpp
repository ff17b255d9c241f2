#include "src/base/part_file.h"
#include "src/base/error.h"
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iostream>
#include <unistd.h>

namespace unet {

namespace {

void flush_to_disk(const std::filesystem::path &path) {
    const int file = ::open(path.c_str(), O_RDONLY);
    const bool flushed = file >= 0 && (::fsync(file) == 0 || errno == EINVAL);  // EINVAL: nothing there to flush
    const int reason = errno;
    if (file >= 0) ::close(file);
    if (!flushed) throw Error(Exit::io, path.string() + ": cannot be flushed to disk: " + std::strerror(reason));
}

void write_to(const std::filesystem::path &file_path, const std::filesystem::path &name, const std::string &text) {
    std::ofstream file(file_path, std::ios::binary);
    if (!file)
        throw Error(Exit::cannot_create, name.string() + ": cannot be created; check the folder and its permissions");
    file << text << std::flush;
    if (!file) throw Error(Exit::io, name.string() + ": writing failed; make space on the disk and run it again");
}

}  // namespace

PartFile::PartFile(std::filesystem::path final_path, Unfinished unfinished)
    : final_(std::move(final_path)), part_(final_), removes_(unfinished == Unfinished::remove) {
    std::error_code ignored_error;
    if (std::filesystem::is_directory(final_, ignored_error))
        throw Error(Exit::cannot_create, final_.string() + ": is a folder; name a file in it");
    if (std::filesystem::is_other(final_, ignored_error))
        throw Error(Exit::cannot_create, final_.string() + ": is a device or a pipe; name a file");
    part_ += ".part";
}

PartFile::~PartFile() {
    std::error_code ignored_error;
    if (removes_) std::filesystem::remove(part_, ignored_error);
}

void PartFile::commit() {
    flush_to_disk(part_);
    std::error_code failure;
    std::filesystem::rename(part_, final_, failure);
    if (failure) throw Error(Exit::io, final_.string() + ": cannot be renamed from its .part: " + failure.message());
    removes_ = false;
    flush_to_disk(final_.has_parent_path() ? final_.parent_path() : ".");
}

void write_text(const std::filesystem::path &path, const std::string &text) {
    if (path == "-") {
        std::cout << text << std::flush;
        if (!std::cout) throw Error(Exit::io, "stdout: writing failed; is the disk or pipe behind it full or closed?");
        return;
    }
    std::error_code absent;
    if (std::filesystem::exists(path, absent) && std::filesystem::is_other(path, absent)) {
        write_to(path, path, text);  // a device or a pipe: to be written to, not replaced
        return;
    }
    PartFile part(path);
    write_to(part.path(), path, text);
    part.commit();
}

}  // namespace unet
