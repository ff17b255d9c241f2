#include "src/net/safetensors.h"
#include "src/base/error.h"
#include "src/base/part_file.h"
#include <algorithm>
#include <bit>

namespace unet {

namespace {

static_assert(std::endian::native == std::endian::little,
              "safetensors holds little-endian numbers, written as they lie");

constexpr uint64_t length_bytes = sizeof(uint64_t);  // the header's length stands in front of it

[[noreturn]] void fail(Exit code, const std::filesystem::path &path, const std::string &fact_and_remedy) {
    throw Error(code, path.string() + ": " + fact_and_remedy);
}

SafetensorsHeader lay_out(const Metadata &metadata, const std::vector<TensorShape> &tensors) {
    SafetensorsHeader header{metadata, {}};
    uint64_t begin = 0;
    for (const TensorShape &tensor : tensors) {
        const uint64_t end = begin + bytes_of(tensor.shape);
        header.tensors.push_back({tensor, begin, end});
        begin = end;
    }
    return header;
}

void write_bytes(std::ofstream &file, const void *bytes, size_t count) {
    file.write(static_cast<const char *>(bytes), std::streamsize(count));
}

void write_tensor(std::ofstream &file, const TensorShape &tensor, const TensorPart &values,
                  const std::filesystem::path &path) {
    constexpr size_t piece_bytes = size_t(1) << 20;
    const int length = tensor.shape.front();
    const size_t entry_bytes = bytes_of(tensor.shape) / size_t(length);
    const int piece = int(std::clamp<size_t>(piece_bytes / entry_bytes, 1, size_t(length)));
    for (int first = 0; first < length; first += piece) {
        const int count = std::min(piece, length - first);
        const std::vector<float> data = values(tensor.name, first, count);
        if (data.size() * sizeof(float) != entry_bytes * size_t(count))
            fail(Exit::internal, path,
                 "tensor " + tensor.name + " has " + std::to_string(data.size()) + " values in " +
                     std::to_string(count) + " entries of shape " + to_string(tensor.shape) +
                     "; a fault of the program");
        write_bytes(file, data.data(), data.size() * sizeof(float));
    }
}

void read_bytes(std::ifstream &file, void *bytes, size_t count, const std::filesystem::path &path) {
    if (!file.read(static_cast<char *>(bytes), std::streamsize(count)))
        fail(Exit::io, path, "reading failed; check the disk, and that nothing else writes the file");
}

uint64_t open_file(const std::filesystem::path &path, std::ifstream &file) {
    std::error_code failure;
    if (!std::filesystem::exists(path, failure)) fail(Exit::no_input, path, "there is no such file; check the path");
    if (!std::filesystem::is_regular_file(path, failure))
        fail(Exit::no_input, path, "is a folder or a device; name a .safetensors file");
    file.open(path, std::ios::binary);
    const uint64_t bytes = std::filesystem::file_size(path, failure);
    if (failure || !file) fail(Exit::no_input, path, "cannot be opened; check its permissions");
    return bytes;
}

/// Checks the length against the file before anything of that length is made.
std::string read_header_text(std::ifstream &file, uint64_t file_bytes, const std::filesystem::path &path) {
    if (file_bytes < length_bytes)
        fail(Exit::data, path, "holds " + std::to_string(file_bytes) + " bytes, too few for a header; copy it again");
    uint64_t length = 0;
    read_bytes(file, &length, sizeof length, path);
    if (length > file_bytes - length_bytes)
        fail(Exit::data, path,
             "a header of " + std::to_string(length) + " bytes does not fit into its " + std::to_string(file_bytes) +
                 " bytes; it is cut off or no safetensors file");
    if (length > largest_safetensors_header)
        fail(Exit::data, path,
             "a header of " + std::to_string(length) + " bytes is beyond the " +
                 std::to_string(largest_safetensors_header) + " that are read; give a model of unetflow");
    std::string text(length, '\0');
    read_bytes(file, text.data(), text.size(), path);
    return text;
}

}  // namespace

void write_safetensors(const std::filesystem::path &path, const Metadata &metadata,
                       const std::vector<TensorShape> &tensors, const TensorPart &values) {
    const std::string text = to_text(lay_out(metadata, tensors));
    const uint64_t length = text.size();
    if (length > largest_safetensors_header)
        fail(Exit::usage, path,
             "names and provenance make a header of " + std::to_string(length) + " bytes, only " +
                 std::to_string(largest_safetensors_header) + " would be read again; shorten them");
    PartFile part(path);
    std::ofstream file(part.path(), std::ios::binary);
    if (!file) fail(Exit::cannot_create, path, "cannot be created; check the folder and its permissions");
    write_bytes(file, &length, sizeof length);
    write_bytes(file, text.data(), text.size());
    for (const TensorShape &tensor : tensors) write_tensor(file, tensor, values, path);
    file.close();
    if (!file) fail(Exit::io, path, "writing failed; is the disk full?");
    part.commit();
}

SafetensorsReader::SafetensorsReader(const std::filesystem::path &path) : path_(path) {
    const uint64_t file_bytes = open_file(path, file_);
    const std::string text = read_header_text(file_, file_bytes, path);
    data_begin_ = length_bytes + text.size();
    try {
        header_ = parse_safetensors_header(text, file_bytes - data_begin_);
    } catch (const Error &error) {
        fail(error.code, path, error.what());
    }
}

const SafetensorsHeader::Tensor *SafetensorsReader::find(const std::string &name) const {
    const auto is_named = [&](const SafetensorsHeader::Tensor &tensor) { return tensor.name == name; };
    const auto found = std::find_if(header_.tensors.begin(), header_.tensors.end(), is_named);
    return found == header_.tensors.end() ? nullptr : &*found;
}

std::vector<float> SafetensorsReader::read(const std::string &name) {
    const SafetensorsHeader::Tensor *tensor = find(name);
    if (!tensor) fail(Exit::data, path_, "tensor " + quoted(name) + " is missing; give a model of unetflow");
    std::vector<float> values((tensor->end - tensor->begin) / sizeof(float));
    file_.seekg(std::streamoff(data_begin_ + tensor->begin));
    read_bytes(file_, values.data(), values.size() * sizeof(float), path_);
    return values;
}

}  // namespace unet
