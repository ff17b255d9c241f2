// Memory that a disk lends.
#pragma once
#include <cstddef>
#include <filesystem>
#include <type_traits>

namespace unet {

/// Bytes in a file without a name, mapped into memory: the system keeps there what fits, and takes the file away with
/// the process. Space is taken from the disk before it is used, so that a full disk is an Error, not a signal.
class DiskMemory {
public:
    /// Throws Error(cannot_create) when no file can be made in `folder`.
    explicit DiskMemory(const std::filesystem::path &folder);
    DiskMemory(const DiskMemory &) = delete;
    DiskMemory &operator=(const DiskMemory &) = delete;
    ~DiskMemory();

    size_t bytes() const { return bytes_; }
    void *data() const { return data_; }
    /// To `bytes` or more; the new ones are 0. Addresses change. Throws Error(io) when the disk has no more.
    void grow(size_t bytes);

private:
    std::filesystem::path folder_;
    int descriptor_ = -1;
    size_t bytes_ = 0;
    void *data_ = nullptr;
};

/// Values one behind the other in DiskMemory. References hold until the next push_back.
template<class T>
class DiskVector {
    static_assert(std::is_trivially_copyable_v<T>);

public:
    explicit DiskVector(const std::filesystem::path &folder) : memory_(folder) {}

    size_t size() const { return size_; }
    T &operator[](size_t i) { return static_cast<T *>(memory_.data())[i]; }
    const T &operator[](size_t i) const { return static_cast<const T *>(memory_.data())[i]; }
    void push_back(const T &value) {
        if ((size_ + 1) * sizeof(T) > memory_.bytes()) memory_.grow((size_ + 1) * sizeof(T));
        (*this)[size_++] = value;
    }

private:
    DiskMemory memory_;
    size_t size_ = 0;
};

}  // namespace unet
