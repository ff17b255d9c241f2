// A file being written at any position, with the reason of a failure in words.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

namespace unet {

/// Throws Error: cannot_create when the file cannot be opened, io when writing fails (disk full, quota).
class OutputFile {
public:
    enum class Open {
        alone,  ///< no other process may write it meanwhile
        shared
    };

    /// `path` is created if it is missing, and keeps what it holds; messages name `shown`, the file the user asked for.
    /// Throws Error(cannot_create) when another process has it open for writing, as far as the file system tells,
    /// unless it is shared.
    OutputFile(const std::filesystem::path &path, const std::filesystem::path &shown, Open open);
    OutputFile(const OutputFile &) = delete;
    OutputFile &operator=(const OutputFile &) = delete;
    ~OutputFile();

    uint64_t bytes() const;
    void write(uint64_t position, const void *bytes, size_t count);
    /// Cuts the file, or lengthens it by a hole.
    void resize(uint64_t bytes);
    /// Returns when all is on the disk.
    void flush();
    /// Throws where the file system tells only now that something was not written (NFS, quotas).
    void close();

private:
    [[noreturn]] void fail(int reason) const;

    std::string shown_;
    int descriptor_ = -1;
};

}  // namespace unet
