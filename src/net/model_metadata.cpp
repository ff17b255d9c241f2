#include "src/net/model_metadata.h"
#include "src/base/error.h"
#include "src/net/geometry.h"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

namespace unet {

namespace {

using nlohmann::json;

const std::string format_name = "unetflow.1";
const std::string provenance_prefix = "provenance.";
const std::string remedy = "; give an intact model that unetflow train wrote";

[[noreturn]] void refuse(const std::string &key, const std::string &value, const std::string &expected) {
    throw Error(Exit::data, "its metadata says " + key + " is " + quoted(value) + ", not " + expected + remedy);
}

const std::string &value_of(const Metadata &metadata, const std::string &key) {
    const auto entry = metadata.find(key);
    if (entry == metadata.end()) throw Error(Exit::data, "its metadata has no entry " + key + remedy);
    return entry->second;
}

int number_from(const Metadata &metadata, const std::string &key, int low, int high) {
    const std::string &text = value_of(metadata, key);
    const char *end = text.data() + text.size();
    int number = 0;
    const auto [stopped, failure] = std::from_chars(text.data(), end, number);
    if (failure != std::errc() || stopped != end || number < low || number > high)
        refuse(key, text, "a number from " + std::to_string(low) + " to " + std::to_string(high));
    return number;
}

Pooling pooling_from(const Metadata &metadata) {
    const std::string &text = value_of(metadata, "pooling");
    if (text == "max") return Pooling::max;
    if (text == "average") return Pooling::average;
    refuse("pooling", text, "max or average");
}

// Models normalise by their training set where they say nothing.
bool is_by_page(const Metadata &metadata) {
    const auto entry = metadata.find("normalisation.by");
    if (entry == metadata.end()) return false;
    if (entry->second != "page") refuse("normalisation.by", entry->second, "page");
    return true;
}

/// A JSON list of doubles: every float is one, and its shortest decimal form names it exactly.
std::string list_text(const std::vector<float> &values) {
    return json(std::vector<double>(values.begin(), values.end())).dump();
}

std::vector<float> list_from(const Metadata &metadata, const std::string &key, int size) {
    const std::string &text = value_of(metadata, key);
    const json list = json::parse(text, nullptr, false);
    const auto is_float = [](const json &item) { return item.is_number() && std::isfinite(item.get<float>()); };
    if (!list.is_array() || list.size() != size_t(size) || !std::all_of(list.begin(), list.end(), is_float))
        refuse(key, text, "a list of finite numbers, one for each of " + std::to_string(size) + " channels");
    return list.get<std::vector<float>>();
}

}  // namespace

Metadata deciding_metadata(const Architecture &architecture, const ModelNotes &notes) {
    Metadata metadata{
        {"format", format_name},
        {"channels", std::to_string(architecture.channels)},
        {"classes", std::to_string(architecture.classes)},
        {"width", std::to_string(architecture.width)},
        {"depth", std::to_string(architecture.depth)},
        {"pooling", architecture.pooling == Pooling::max ? "max" : "average"},
        {"normalisation.low", list_text(notes.normalisation.low)},
        {"normalisation.high", list_text(notes.normalisation.high)},
    };
    if (notes.normalisation.by_page) metadata["normalisation.by"] = "page";
    if (notes.context_slices > 0) metadata["context_slices"] = std::to_string(notes.context_slices);
    return metadata;
}

Metadata to_metadata(const Architecture &architecture, const ModelNotes &notes) {
    Metadata metadata = deciding_metadata(architecture, notes);
    metadata["class_names"] = json(notes.class_names).dump(-1, ' ', false, json::error_handler_t::replace);
    for (const auto &[key, value] : notes.provenance) metadata[provenance_prefix + key] = value;
    return metadata;
}

Architecture architecture_from(const Metadata &metadata) {
    if (const std::string &format = value_of(metadata, "format"); format != format_name)
        refuse("format", format, format_name + ", the one this version reads");
    return {
        .channels = number_from(metadata, "channels", 1, largest_channels),
        .classes = number_from(metadata, "classes", 2, largest_classes),
        .width = number_from(metadata, "width", 1, largest_width),
        .depth = number_from(metadata, "depth", 0, largest_depth),
        .pooling = pooling_from(metadata),
    };
}

Normalisation normalisation_from(const Metadata &metadata, int channels) {
    Normalisation normalisation{list_from(metadata, "normalisation.low", channels),
                                list_from(metadata, "normalisation.high", channels), is_by_page(metadata)};
    for (int k = 0; k < channels; k++)
        if (!(normalisation.low[k] < normalisation.high[k]))
            refuse("normalisation.high", list_text(normalisation.high), "above normalisation.low");
    return normalisation;
}

std::vector<std::string> class_names_from(const Metadata &metadata, int classes) {
    const std::string &text = value_of(metadata, "class_names");
    const json list = json::parse(text, nullptr, false);
    const auto is_string = [](const json &item) { return item.is_string(); };
    if (!list.is_array() || list.size() != size_t(classes) || !std::all_of(list.begin(), list.end(), is_string))
        refuse("class_names", text, "a list of " + std::to_string(classes) + " names");
    return list.get<std::vector<std::string>>();
}

// Models look at single slices where they say nothing.
int context_slices_from(const Metadata &metadata, int channels) {
    if (!metadata.contains("context_slices")) return 0;
    const int context = number_from(metadata, "context_slices", 0, largest_channels);
    if (channels % (2 * context + 1))
        refuse("context_slices", std::to_string(context),
               "a number of neighbours that " + std::to_string(channels) + " channels can be of");
    return context;
}

std::map<std::string, std::string> provenance_from(const Metadata &metadata) {
    std::map<std::string, std::string> provenance;
    for (const auto &[key, value] : metadata)
        if (key.starts_with(provenance_prefix)) provenance[key.substr(provenance_prefix.size())] = value;
    return provenance;
}

}  // namespace unet
