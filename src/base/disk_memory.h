// Memory that a disk lends.
#pragma once
#include "src/base/state_file.h"
#include <cstddef>
#include <filesystem>
#include <type_traits>

namespace unet {

/// Bytes in a file without a name, mapped into memory: the system keeps there what fits, and takes the file away with
/// the process. Space is taken from the disk before it is used, so that a full disk is an Error, not a signal. Without
/// bytes there is no file.
class DiskMemory {
public:
    explicit DiskMemory(const std::filesystem::path &folder);
    DiskMemory(const DiskMemory &) = delete;
    DiskMemory &operator=(const DiskMemory &) = delete;
    ~DiskMemory();

    size_t bytes() const { return bytes_; }
    void *data() const { return data_; }
    /// To `bytes` or more; the new ones are 0. Addresses change. Throws Error: cannot_create when no file can be made
    /// in the folder, io when the disk has no more.
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
        reserve(size_ + 1);
        (*this)[size_++] = value;
    }
    void pop_back() { size_--; }
    /// New values are 0 where none stood before.
    void resize(size_t size) {
        reserve(size);
        size_ = size;
    }

    void save(StateWriter &file) const {
        file.add(uint64_t(size_));
        file.add(memory_.data(), size_ * sizeof(T));
    }
    void load(StateReader &file) {
        resize(file.count(sizeof(T)));
        file.read(memory_.data(), size_ * sizeof(T));
    }

private:
    void reserve(size_t size) {
        if (size * sizeof(T) > memory_.bytes()) memory_.grow(size * sizeof(T));
    }

    DiskMemory memory_;
    size_t size_ = 0;
};

}  // namespace unet
