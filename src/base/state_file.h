// What a long run has in mind, in a file that is there whole or not at all.
#pragma once
#include "src/base/hash.h"
#include "src/base/output_file.h"
#include "src/base/part_file.h"
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <type_traits>
#include <vector>

namespace unet {

/// Writes values one behind the other. Under its name the file appears with `commit`; a former one stands until then.
/// Values lie as they do in memory: what reads them is the same program on the same kind of machine. Throws Error:
/// cannot_create, io.
class StateWriter {
public:
    explicit StateWriter(const std::filesystem::path &path);

    void add(const void *bytes, size_t count);
    template<class T>
    void add(const T &value) {
        static_assert(std::is_trivially_copyable_v<T>);
        add(&value, sizeof value);
    }
    template<class T>
    void add(const std::vector<T> &values) {
        add(uint64_t(values.size()));
        add(values.data(), values.size() * sizeof(T));
    }
    void add(const std::string &text);
    uint64_t bytes() const { return position_ + pending_.size(); }
    void commit();

private:
    void write_pending();

    PartFile part_;
    OutputFile file_;
    Hash hash_;
    std::vector<char> pending_;
    uint64_t position_ = 0;
};

/// Reads them back in the same order. Throws Error: no_input, data when the file is cut off or damaged; that a value is
/// as it was written is known after `finish` only.
class StateReader {
public:
    explicit StateReader(const std::filesystem::path &path);

    void read(void *bytes, size_t count);
    template<class T>
    void read(T &value) {
        static_assert(std::is_trivially_copyable_v<T>);
        read(&value, sizeof value);
    }
    template<class T>
    void read(std::vector<T> &values) {
        values.resize(count(sizeof(T)));
        read(values.data(), values.size() * sizeof(T));
    }
    void read(std::string &text);
    /// The number of values of `value_bytes` each that follow; the file has them all.
    size_t count(size_t value_bytes);
    /// At the end of all values.
    void finish();

private:
    [[noreturn]] void refuse() const;

    std::filesystem::path path_;
    std::ifstream file_;
    Hash hash_;
    uint64_t left_ = 0;
};

}  // namespace unet
