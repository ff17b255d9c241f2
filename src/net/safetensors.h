// Files of the safetensors format, float32 only: 8 bytes of header length, a JSON header, the data.
#pragma once
#include "src/net/safetensors_header.h"
#include <filesystem>
#include <fstream>
#include <functional>

namespace unet {

/// Some entries of the first axis of a tensor, in C order.
using TensorPart = std::function<std::vector<float>(const std::string &name, int first, int count)>;

/// Writes the tensors in the order given, through a .part; `values` is asked for about a megabyte at a time.
/// The same arguments give the same bytes.
/// Throws Error: cannot_create, io (disk full), usage when the metadata is longer than a reader takes.
void write_safetensors(const std::filesystem::path &path, const Metadata &metadata,
                       const std::vector<TensorShape> &tensors, const TensorPart &values);

/// A file opened for reading, its header checked; tensors are read one by one.
class SafetensorsReader {
public:
    /// Throws Error: no_input when the file is missing, data when it is cut off or is not safetensors.
    explicit SafetensorsReader(const std::filesystem::path &path);

    const Metadata &metadata() const { return header_.metadata; }
    /// As they lie in the file.
    const std::vector<SafetensorsHeader::Tensor> &tensors() const { return header_.tensors; }
    /// Null when there is none of that name.
    const SafetensorsHeader::Tensor *find(const std::string &name) const;

    /// Values in C order. Throws Error(data) when there is no such tensor, Error(io) when the disk fails.
    std::vector<float> read(const std::string &name);

private:
    std::filesystem::path path_;
    std::ifstream file_;
    uint64_t data_begin_ = 0;
    SafetensorsHeader header_;
};

}  // namespace unet
