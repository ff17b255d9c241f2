#include "pipeline/journal.h"
#include "src/base/error.h"
#include "src/base/part_file.h"
#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace unet {

namespace {

constexpr const char *format_name = "unetflow-journal.1";

nlohmann::json to_json(const StackShape &stack) {
    return {{"width", stack.width},
            {"height", stack.height},
            {"samples", stack.samples},
            {"pages", stack.pages},
            {"type", sample_type_name(stack.type)},
            {"voxel", {stack.voxel.x, stack.voxel.y, stack.voxel.z}},
            {"voxel-unit", stack.voxel.unit},
            {"channels", stack.channels}};
}

SampleType sample_type_of(const std::string &name) {
    for (const SampleType type : {SampleType::u8, SampleType::u16, SampleType::u32, SampleType::f32})
        if (name == sample_type_name(type)) return type;
    throw std::runtime_error("type");
}

StackShape stack_from(const nlohmann::json &json) {
    const nlohmann::json &voxel = json.at("voxel");
    const StackShape stack{.width = json.at("width"),
                           .height = json.at("height"),
                           .samples = json.at("samples"),
                           .pages = json.at("pages"),
                           .type = sample_type_of(json.at("type")),
                           .voxel = {voxel.at(0), voxel.at(1), voxel.at(2), json.at("voxel-unit")},
                           .channels = json.at("channels")};
    if (stack.width < 1 || stack.height < 1 || stack.samples < 1 || stack.pages < 1) throw std::runtime_error("size");
    return stack;
}

// In the order of Pyramid.
constexpr const char *pyramid_names[] = {"none", "most-frequent", "mean"};

Pyramid pyramid_of(const std::string &name) {
    for (const Pyramid pyramid : {Pyramid::none, Pyramid::most_frequent, Pyramid::mean})
        if (name == pyramid_names[int(pyramid)]) return pyramid;
    throw std::runtime_error("pyramid");
}

std::string head_line(const JournalHead &head) {
    const nlohmann::json json{{"format", format_name},
                              {"run", head.run},
                              {"metadata", head.metadata},
                              {"stack", to_json(head.stack)},
                              {"layout", head.storage == TileStorage::plain ? "preallocated" : "bands"},
                              {"pyramid", pyramid_names[int(head.pyramid)]},
                              {"bands", {head.bands.first, head.bands.end}}};
    return json.dump() + "\n";
}

JournalHead head_from(const nlohmann::json &json) {
    if (json.at("format") != format_name) throw std::runtime_error("format");
    JournalHead head{.run = json.at("run"),
                     .metadata = json.at("metadata"),
                     .stack = stack_from(json.at("stack")),
                     .storage = json.at("layout") == "preallocated" ? TileStorage::plain : TileStorage::deflate,
                     .pyramid = pyramid_of(json.at("pyramid")),
                     .bands = {json.at("bands").at(0), json.at("bands").at(1)}};
    if (head.bands.first < 0 || head.bands.end < head.bands.first) throw std::runtime_error("bands");
    return head;
}

}  // namespace

JournalReader::JournalReader(const std::filesystem::path &path) : path_(path), file_(path, std::ios::binary) {
    if (!file_) throw Error(Exit::no_input, path.string() + ": cannot be opened; is it there, and readable?");
    try {
        head_ = head_from(nlohmann::json::parse(line().value_or("")));
    } catch (const std::exception &) {
        throw Error(Exit::data, path.string() + ": is no journal of this version of unetflow; remove it to begin anew");
    }
    next_band_ = head_.bands.first;
}

// A line counts when it is whole: with its end.
std::optional<std::string> JournalReader::line() {
    std::string text;
    if (!std::getline(file_, text) || file_.eof()) return {};
    position_ += text.size() + 1;
    return text;
}

std::optional<JournalBand> JournalReader::next() {
    const uint64_t before = position_;
    const std::optional<std::string> text = line();
    if (!text) return {};
    try {
        const nlohmann::json json = nlohmann::json::parse(*text);
        if (json.contains("host")) {
            receipt_ = Receipt{json.at("version"), json.at("target"), json.at("host"), json.at("seconds")};
            return {};
        }
        const JournalBand band{json.at("band"), json.at("end"),
                               std::stoull(json.at("checksum").get<std::string>(), nullptr, 16)};
        if (band.band == next_band_ && band.band < head_.bands.end && json.at("end").is_number_unsigned() &&
            band.end >= last_end_) {
            next_band_++;
            last_end_ = band.end;
            return band;
        }
    } catch (const std::exception &) {  // cut off by a crash of the whole machine
        position_ = before;
        return {};
    }
    throw Error(Exit::data, path_.string() + ": its bands do not follow each other; remove it to begin anew");
}

// Its head is there at once or not at all: a journal without one would be no journal.
void begin_journal(const std::filesystem::path &path, const JournalHead &head) { write_text(path, head_line(head)); }

Journal::Journal(const std::filesystem::path &path, uint64_t kept_bytes)
    : file_(path, path, OutputFile::Open::alone), position_(kept_bytes) {
    if (file_.bytes() == kept_bytes) return;
    file_.resize(kept_bytes);
    file_.flush();
}

void Journal::add(const JournalBand &band) {
    lines_ += fmt::format("{{\"band\":{},\"end\":{},\"checksum\":\"{:016x}\"}}\n", band.band, band.end, band.checksum);
}

void Journal::add(const Receipt &receipt) {
    lines_ += nlohmann::json{{"version", receipt.version},
                             {"target", receipt.target},
                             {"host", receipt.host},
                             {"seconds", receipt.seconds}}
                  .dump() +
              "\n";
}

void Journal::commit() {
    file_.write(position_, lines_.data(), lines_.size());
    position_ += lines_.size();
    lines_.clear();
    file_.flush();
}

void check_same_run(const std::filesystem::path &path, const std::map<std::string, std::string> &found,
                    const std::map<std::string, std::string> &expected, const std::string &remedy,
                    const std::vector<std::string> &ignored) {
    const auto value = [](const std::map<std::string, std::string> &run, const std::string &key) {
        const auto entry = run.find(key);
        return entry == run.end() ? std::string("nothing") : "'" + entry->second + "'";
    };
    std::map<std::string, std::string> keys = expected;
    keys.insert(found.begin(), found.end());
    for (const auto &[key, either] : keys) {
        if (std::find(ignored.begin(), ignored.end(), key) != ignored.end()) continue;
        if (value(found, key) != value(expected, key))
            throw Error(Exit::data, fmt::format("{}: was made with {} {}, not {}; {}", path.string(), key,
                                                value(found, key), value(expected, key), remedy));
    }
}

}  // namespace unet
