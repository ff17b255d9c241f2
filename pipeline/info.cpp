#include "pipeline/info.h"
#include "pipeline/bytes_text.h"
#include "pipeline/output_path.h"
#include "src/base/error.h"
#include "src/base/part_file.h"
#include "src/base/paths.h"
#include "src/stack/describe.h"
#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace unet {

namespace {

using Json = nlohmann::ordered_json;

std::string plural(uint64_t count, const char *one, const char *many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string predictor_name(uint16_t predictor) {
    switch (predictor) {
    case 1: return "none";
    case 2: return "horizontal";
    case 3: return "float";
    default: return std::to_string(predictor);
    }
}

std::string letters(const std::vector<Axis> &axes) {
    std::string text;
    for (const Axis &axis : axes) text += axis.letter;
    return text;
}

std::string lengths(const std::vector<Axis> &axes) {
    std::string text;
    for (const Axis &axis : axes) text += (text.empty() ? "" : " x ") + std::to_string(axis.length);
    return text;
}

std::string voxel_in_words(const VoxelSize &voxel) {
    const auto size = [](double value) { return value > 0 ? fmt::format("{:.6g}", value) : std::string("?"); };
    if (voxel.x <= 0 && voxel.y <= 0 && voxel.z <= 0) return "unknown";
    return fmt::format("{} x {} x {} {} (x, y, z)", size(voxel.x), size(voxel.y), size(voxel.z),
                       voxel.unit.empty() ? "of unknown unit" : voxel.unit);
}

std::string layout_in_words(const PageLayout &layout) {
    std::string text = layout.tiled ? fmt::format("tiles of {} x {}", layout.block_width, layout.block_height)
                                    : fmt::format("strips of {}", plural(layout.block_height, "row", "rows"));
    text += layout.compressed() ? ", " + compression_name(layout.compression) : std::string(", uncompressed");
    if (layout.predictor != 1) text += ", predictor " + predictor_name(layout.predictor);
    if (layout.samples > 1) text += layout.planar ? ", samples in planes" : ", samples interleaved";
    return text;
}

std::string pages_in_words(const FileDescription &file) {
    const PageLayout &layout = file.layout;
    return fmt::format("{} of {} x {}, {}, {}, {}", file.pages, layout.width, layout.height, layout.stored_type(),
                       plural(layout.samples, "sample", "samples"), photometric_name(layout.photometric));
}

std::string file_in_words(const FileDescription &file) {
    std::string text = fmt::format("{}, {}, {}", bytes_text(file.file_bytes), file.big ? "BigTIFF" : "classic TIFF",
                                   file.big_endian ? "big-endian" : "little-endian");
    if (file.one_directory) text += ", all pages behind one directory (ImageJ)";
    if (file.auxiliary)
        text += fmt::format(", {} not counted as pages",
                            plural(file.auxiliary, "reduced copy or mask", "reduced copies or masks"));
    if (file.layout.sub_directories)
        text += fmt::format(", {} a page", plural(file.layout.sub_directories, "subfile", "subfiles"));
    return text;
}

void print(const FileDescription &file) {
    const std::string axes = fmt::format("{} {}{}", letters(file.axes), lengths(file.axes),
                                         file.metadata.empty() ? "" : fmt::format(" (described by {})", file.metadata));
    fmt::print("{}\n  pages   {}\n  layout  {}\n  file    {}\n  axes    {}\n  voxel   {}\n", file.path.string(),
               pages_in_words(file), layout_in_words(file.layout), file_in_words(file), axes,
               voxel_in_words(file.voxel));
    if (!file.obstacle.empty()) fmt::print("  not usable as a stack: {}\n", file.obstacle);
    std::fflush(stdout);
}

Json to_json(const FileDescription &file) {
    constexpr const char *formats[] = {"unsigned", "signed", "float", "complex"};
    const PageLayout &layout = file.layout;
    Json lengths = Json::array();
    for (const Axis &axis : file.axes) lengths.push_back(axis.length);
    const std::string kind = layout.tiled ? "tiles" : "strips";
    Json json{{"file", file.path.string()},
              {"pages", file.pages},
              {"width", layout.width},
              {"height", layout.height},
              {"samples", layout.samples},
              {"type", layout.stored_type()},
              {"bits", layout.bits},
              {"format", formats[int(layout.format)]},
              {"photometric", photometric_name(layout.photometric)},
              {"planar", layout.planar},
              {"layout", {{"kind", kind}, {"width", layout.block_width}, {"height", layout.block_height}}},
              {"compression", compression_name(layout.compression)},
              {"predictor", predictor_name(layout.predictor)},
              {"byte_order", file.big_endian ? "big" : "little"},
              {"bigtiff", file.big},
              {"axes", letters(file.axes)},
              {"shape", lengths}};
    if (!file.metadata.empty()) json["metadata"] = file.metadata;
    const VoxelSize &voxel = file.voxel;
    if (voxel.x > 0 || voxel.y > 0 || voxel.z > 0)
        json["voxel"] = {{"x", voxel.x}, {"y", voxel.y}, {"z", voxel.z}, {"unit", voxel.unit}};
    json["directories"] = file.directories;
    json["auxiliary"] = file.auxiliary;
    json["subfiles"] = layout.sub_directories;
    json["bytes"] = file.file_bytes;
    json["stored_bytes"] = file.stored_bytes;
    json["stack"] = file.obstacle.empty();
    if (!file.obstacle.empty()) json["obstacle"] = file.obstacle;
    return json;
}

/// Describes files one by one; what is wrong with one does not stop the others.
class Report {
public:
    explicit Report(bool text) : text_(text) {}

    void add_pattern(const std::string &pattern) {
        attempt(pattern, [&] {
            for (const std::filesystem::path &path : expand_paths({pattern})) {
                files_.push_back(path);
                add(path);
            }
        });
    }

    const std::vector<std::filesystem::path> &files() const { return files_; }

    /// JSON of one file as an object, of several as an array.
    Json json() const { return objects_.size() == 1 ? objects_[0] : objects_; }

    /// A single bad file is the error itself; of several each has had its line already.
    void throw_if_bad() const {
        if (errors_.empty()) return;
        if (objects_.size() == 1) throw errors_[0];
        const Error &worst = *std::max_element(
            errors_.begin(), errors_.end(), [](const Error &a, const Error &b) { return int(a.code) < int(b.code); });
        throw Error(worst.code, fmt::format("info: {} of {} files are bad; the lines above name them", errors_.size(),
                                            objects_.size()));
    }

    void print_errors() const {
        if (objects_.size() < 2) return;
        for (const Error &error : errors_) fmt::print(stderr, "{}\n", error.what());
    }

private:
    void add(const std::filesystem::path &path) {
        attempt(path.string(), [&] {
            const FileDescription file = describe_file(path);
            if (text_) print(file);
            objects_.push_back(to_json(file));
        });
    }

    template<class Step>
    void attempt(const std::string &name, Step step) {
        try {
            step();
        } catch (const Error &error) {
            errors_.push_back(error);
            objects_.push_back({{"file", name}, {"error", error.what()}, {"exit_code", int(error.code)}});
        }
    }

    bool text_;
    Json objects_ = Json::array();
    std::vector<Error> errors_;
    std::vector<std::filesystem::path> files_;
};

}  // namespace

void run_info(const InfoOptions &options) {
    if (options.files.empty())
        throw Error(Exit::usage, "info: no file was given; name TIFF files, folders or patterns");
    Report report(options.json != "-");
    for (const std::string &pattern : options.files) report.add_pattern(pattern);
    if (!options.json.empty()) {
        check_output(options.json, report.files());
        // File names and descriptions may hold bytes that are no UTF-8.
        write_text(options.json, report.json().dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    }
    report.print_errors();
    report.throw_if_bad();
}

}  // namespace unet
