// The JSON header of a safetensors file, float32 only.
#pragma once
#include "src/net/tensor_shape.h"
#include <cstdint>
#include <map>

namespace unet {

using Metadata = std::map<std::string, std::string>;  ///< the header's `__metadata__`

constexpr uint64_t largest_safetensors_header = 1 << 20;  ///< bytes; the deepest network's takes 12 thousand

struct SafetensorsHeader {
    struct Tensor : TensorShape {
        uint64_t begin = 0, end = 0;  ///< bytes, counted from the end of the header
    };
    Metadata metadata;
    std::vector<Tensor> tensors;  ///< as they lie in the file, without gap or overlap
};

/// Bytes of a tensor of this shape in a file. Throws Error(data) when no file can hold them.
uint64_t bytes_of(const std::vector<int> &shape);

/// The header's text, padded with spaces so that the data behind it begins on an 8-byte boundary.
std::string to_text(const SafetensorsHeader &header);

/// Parses what `to_text` or another writer made. `data_bytes` is what the file holds behind the header; no number in
/// the header is believed before it is checked against it. Throws Error(data) with a line that lacks only the file's
/// name: the fact, the remedy.
SafetensorsHeader parse_safetensors_header(const std::string &text, uint64_t data_bytes);

/// A name or value out of a file for an error's one line: quoted, escaped, cut to a readable length.
std::string quoted(const std::string &text);

/// "[16, 1, 3, 3]"
std::string to_string(const std::vector<int> &shape);

}  // namespace unet
