#include "src/stack/stack_metadata.h"
#include "src/stack/metadata_numbers.h"
#include <algorithm>
#include <map>
#include <string_view>

namespace unet {

namespace {

std::map<std::string, std::string> key_values(const std::string &description) {
    std::map<std::string, std::string> values;
    for (size_t from = 0; from < description.size();) {
        const size_t end = std::min(description.find('\n', from), description.size());
        const std::string line = description.substr(from, end - from);
        const size_t equals = line.find('=');
        if (equals != std::string::npos) {
            std::string value = line.substr(equals + 1);
            if (!value.empty() && value.back() == '\r') value.pop_back();
            values[line.substr(0, equals)] = value;
        }
        from = end + 1;
    }
    return values;
}

bool parse_imagej(const PageNotes &notes, StackMetadata &metadata) {
    if (!notes.description.starts_with("ImageJ=")) return false;
    const auto values = key_values(notes.description);
    const auto length = [&](const char *key) {
        const auto found = values.find(key);
        return found == values.end() ? uint64_t(1) : std::max<uint64_t>(1, number_or<uint64_t>(found->second, 1));
    };
    metadata.source = "ImageJ";
    metadata.images = length("images");
    const uint64_t channels = length("channels"), slices = length("slices"), frames = length("frames");
    for (const Axis axis : {Axis{'T', frames}, Axis{'Z', slices}, Axis{'C', channels}})  // planes lie in order XYCZT
        if (axis.length > 1) metadata.axes.push_back(axis);
    if (metadata.axes.empty() && metadata.images > 1) metadata.axes = {{'Z', metadata.images}};

    const std::string unit = values.contains("unit") ? unit_name(values.at("unit")) : "";
    if (unit.empty()) return true;
    const double spacing = values.contains("spacing") ? std::fabs(number_or(values.at("spacing"), 0.0)) : 0;
    metadata.voxel = {notes.resolution_x > 0 ? size_or_unknown(1 / notes.resolution_x) : 0,
                      notes.resolution_y > 0 ? size_or_unknown(1 / notes.resolution_y) : 0, size_or_unknown(spacing),
                      unit};
    return true;
}

/// Resolution tags alone. Screens and printers (72 to 1200 dpi, often just a default) are no microscopes: pixels of
/// more than 20 µm are not taken as a voxel size.
VoxelSize voxel_from_resolution(const PageNotes &notes) {
    const double unit = notes.resolution_unit == 2 ? 25400 : notes.resolution_unit == 3 ? 10000 : 0;
    if (unit == 0 || notes.resolution_x <= 0 || notes.resolution_y <= 0) return {};
    const double x = size_or_unknown(unit / notes.resolution_x), y = size_or_unknown(unit / notes.resolution_y);
    constexpr double coarsest = 20;
    return x == 0 || y == 0 || x > coarsest || y > coarsest ? VoxelSize{} : VoxelSize{x, y, 0, "µm"};
}

}  // namespace

uint64_t StackMetadata::planes() const {
    uint64_t product = 1;
    for (const Axis &axis : axes)
        if (__builtin_mul_overflow(product, axis.length, &product)) return UINT64_MAX;
    return product;
}

std::string unit_name(const std::string &spelling) {
    static const std::map<std::string, std::string> names{
        {"µm", "µm"},   {"\u03bcm", "µm"},    {"\\u00B5m", "µm"}, {"\\u00b5m", "µm"},   {"\xb5m", "µm"},
        {"um", "µm"},   {"micron", "µm"},     {"microns", "µm"},  {"micrometer", "µm"}, {"micrometre", "µm"},
        {"nm", "nm"},   {"nanometer", "nm"},  {"pm", "pm"},       {"mm", "mm"},         {"millimeter", "mm"},
        {"cm", "cm"},   {"centimeter", "cm"}, {"m", "m"},         {"meter", "m"},       {"in", "in"},
        {"inch", "in"}, {"Å", "Å"},           {"angstrom", "Å"},
    };
    const auto found = names.find(spelling);
    return found == names.end() ? "" : found->second;
}

double micrometres(const std::string &unit) {
    static const std::map<std::string, double> sizes{{"pm", 1e-6}, {"Å", 1e-4}, {"nm", 1e-3}, {"µm", 1},
                                                     {"mm", 1e3},  {"cm", 1e4}, {"m", 1e6},   {"in", 25400}};
    const auto found = sizes.find(unit);
    return found == sizes.end() ? 0 : found->second;
}

StackMetadata parse_metadata(const PageNotes &notes, const PageLayout &page, uint64_t directories) {
    StackMetadata metadata;
    metadata.series = parse_ome_series(notes.description, page.samples, directories);
    if (!metadata.series.empty()) {
        metadata.source = "OME";
        metadata.voxel = metadata.series.front().voxel;
        metadata.axes = metadata.series.front().axes;
        return metadata;
    }
    parse_imagej(notes, metadata);
    if (metadata.voxel == VoxelSize{}) metadata.voxel = voxel_from_resolution(notes);
    return metadata;
}

}  // namespace unet
