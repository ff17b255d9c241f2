#include "src/net/safetensors_header.h"
#include "src/base/error.h"
#include <algorithm>
#include <climits>
#include <nlohmann/json.hpp>
#include <set>

namespace unet {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr size_t longest_quote = 80;
constexpr auto *metadata_key = "__metadata__";

/// The JSON library would take the last of two equal names; here that is an error.
json parse_object(const std::string &text) {
    std::set<std::string> names;
    const auto no_name_twice = [&names](int depth, json::parse_event_t event, json &parsed) {
        if (depth == 1 && event == json::parse_event_t::key && !names.insert(parsed.get<std::string>()).second)
            refuse_data("two tensors are named " + quoted(parsed.get<std::string>()) + "; write the file again");
        return true;
    };
    json object;
    try {
        object = json::parse(text, no_name_twice);
    } catch (const json::exception &) {
        refuse_data("its header is no valid JSON; the file is damaged or no safetensors file");
    }
    if (!object.is_object()) refuse_data("its header is no JSON object; the file is damaged or no safetensors file");
    return object;
}

Metadata parse_metadata(const json &object) {
    const auto is_string = [](const json &value) { return value.is_string(); };
    if (!object.is_object() || !std::all_of(object.begin(), object.end(), is_string))
        refuse_data("its metadata is no list of strings; the file is damaged or no safetensors file");
    return object.get<Metadata>();
}

/// The list `key` of a tensor's entry, each number at most `largest`.
std::vector<uint64_t> parse_list(const std::string &name, const json &entry, const char *key, uint64_t largest) {
    const auto list = entry.find(key);
    const auto is_count = [largest](const json &item) {
        return item.is_number_unsigned() && item.get<uint64_t>() <= largest;
    };
    if (list == entry.end() || !list->is_array() || !std::all_of(list->begin(), list->end(), is_count))
        refuse_data("tensor " + quoted(name) + " has no valid " + key + "; the file is damaged");
    return list->get<std::vector<uint64_t>>();
}

SafetensorsHeader::Tensor parse_tensor(const std::string &name, const json &entry) {
    if (!entry.is_object() || !entry.contains("dtype") || !entry["dtype"].is_string())
        refuse_data("tensor " + quoted(name) + " has no dtype; the file is damaged");
    if (entry["dtype"] != "F32")
        refuse_data("tensor " + quoted(name) + " is of type " + quoted(entry["dtype"].get<std::string>()) +
                    ", only F32 is read; convert it to 32-bit floats");
    SafetensorsHeader::Tensor tensor;
    tensor.name = name;
    for (const uint64_t side : parse_list(name, entry, "shape", INT_MAX)) tensor.shape.push_back(int(side));
    const std::vector<uint64_t> offsets = parse_list(name, entry, "data_offsets", UINT64_MAX);
    if (offsets.size() != 2 || offsets[1] < offsets[0])
        refuse_data("tensor " + quoted(name) + " has no valid data_offsets; the file is damaged");
    tensor.begin = offsets[0];
    tensor.end = offsets[1];
    if (tensor.end - tensor.begin != bytes_of(tensor.shape))
        refuse_data("tensor " + quoted(name) + " of shape " + to_string(tensor.shape) + " takes " +
                    std::to_string(bytes_of(tensor.shape)) + " bytes, its data_offsets span " +
                    std::to_string(tensor.end - tensor.begin) + "; the file is damaged");
    return tensor;
}

void check_layout(const std::vector<SafetensorsHeader::Tensor> &tensors, uint64_t data_bytes) {
    uint64_t end = 0;
    for (const SafetensorsHeader::Tensor &tensor : tensors) {
        if (tensor.begin != end)
            refuse_data("tensor " + quoted(tensor.name) + (tensor.begin < end ? " overlaps" : " leaves a gap behind") +
                        " the tensor before it; the file is damaged");
        end = tensor.end;
    }
    if (data_bytes != end)
        refuse_data("its tensors take " + std::to_string(end) + " bytes, the file holds " + std::to_string(data_bytes) +
                    " for them; it is " + (data_bytes < end ? "cut off" : "damaged") + ", copy it again");
}

}  // namespace

uint64_t bytes_of(const std::vector<int> &shape) {
    uint64_t bytes = sizeof(float);
    for (const int side : shape)
        if (__builtin_mul_overflow(bytes, uint64_t(side), &bytes))
            refuse_data("a tensor of shape " + to_string(shape) + " fits into no file; the file is damaged");
    return bytes;
}

std::string to_text(const SafetensorsHeader &header) {
    ordered_json object;
    object[metadata_key] = header.metadata;
    for (const SafetensorsHeader::Tensor &tensor : header.tensors)
        object[tensor.name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {tensor.begin, tensor.end}}};
    std::string text = object.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    const size_t alignment = sizeof(uint64_t);
    text.append((alignment - text.size() % alignment) % alignment, ' ');
    return text;
}

SafetensorsHeader parse_safetensors_header(const std::string &text, uint64_t data_bytes) {
    const json object = parse_object(text);
    SafetensorsHeader header;
    for (const auto &[name, entry] : object.items()) {
        if (name == metadata_key) header.metadata = parse_metadata(entry);
        else header.tensors.push_back(parse_tensor(name, entry));
    }
    const auto position = [](const SafetensorsHeader::Tensor &tensor) { return std::pair(tensor.begin, tensor.end); };
    std::sort(header.tensors.begin(), header.tensors.end(),
              [&](const auto &a, const auto &b) { return position(a) < position(b); });
    check_layout(header.tensors, data_bytes);
    return header;
}

std::string quoted(const std::string &text) {
    const std::string start = text.size() <= longest_quote ? text : text.substr(0, longest_quote) + "...";
    return json(start).dump(-1, ' ', true, json::error_handler_t::replace);
}

std::string to_string(const std::vector<int> &shape) {
    std::string text;
    for (const int side : shape) text += (text.empty() ? "" : ", ") + std::to_string(side);
    return "[" + text + "]";
}

}  // namespace unet
