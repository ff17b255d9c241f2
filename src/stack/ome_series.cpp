#include "src/stack/ome_series.h"
#include "src/stack/metadata_numbers.h"
#include "src/stack/stack_metadata.h"
#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <optional>
#include <pugixml.hpp>
#include <string_view>

namespace unet {

namespace {

std::string_view local_name(const pugi::xml_node &node) {
    const std::string_view name = node.name();
    const size_t colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node child_named(const pugi::xml_node &parent, std::string_view name) {
    return parent.find_child([&](const pugi::xml_node &node) { return local_name(node) == name; });
}

uint64_t whole_number(const pugi::xml_node &node, const std::string &attribute, uint64_t otherwise) {
    return number_or<uint64_t>(node.attribute(attribute.c_str()).value(), otherwise);
}

/// The size of one axis in the unit of `voxel`, which the first known axis decides.
double physical_size(const pugi::xml_node &pixels, const std::string &axis, std::string &unit) {
    const double size = size_or_unknown(number_or(pixels.attribute(("PhysicalSize" + axis).c_str()).value(), 0.0));
    const std::string own_unit = unit_name(pixels.attribute(("PhysicalSize" + axis + "Unit").c_str()).as_string("µm"));
    if (size == 0) return 0;
    if (unit.empty() || own_unit.empty() || own_unit == unit) {
        if (unit.empty()) unit = own_unit;
        return size;
    }
    return size * micrometres(own_unit) / micrometres(unit);
}

/// Z, C and T of a Pixels element, the one that changes first at the beginning.
std::array<Axis, 3> plane_axes(const pugi::xml_node &pixels, int samples) {
    std::string order = pixels.attribute("DimensionOrder").value();
    std::erase_if(order, [](char letter) { return letter != 'Z' && letter != 'C' && letter != 'T'; });
    std::string sorted = order;
    std::sort(sorted.begin(), sorted.end());
    if (sorted != "CTZ") order = "ZCT";
    std::array<Axis, 3> axes;
    for (size_t i = 0; i < 3; i++) {
        uint64_t length = std::max<uint64_t>(1, whole_number(pixels, std::string("Size") + order[i], 1));
        if (order[i] == 'C' && samples > 1 && length % uint64_t(samples) == 0) length /= uint64_t(samples);
        axes[i] = {order[i], length};
    }
    return axes;
}

/// Number of the plane that a TiffData element begins with, in the order of `axes`.
std::optional<uint64_t> first_plane(const pugi::xml_node &data, const std::array<Axis, 3> &axes, int samples) {
    uint64_t plane = 0, stride = 1;
    for (const Axis &axis : axes) {
        uint64_t at = whole_number(data, std::string("First") + axis.letter, 0);
        if (axis.letter == 'C') at /= uint64_t(std::max(1, samples));
        if (at >= axis.length) return {};
        plane += at * stride;
        stride *= axis.length;
    }
    return plane;
}

/// The directory of each plane, where all are in this file, of `most` directories. `left`: planes that may be looked at
/// in all images, for a hostile file may claim all of it for each of many.
std::vector<uint64_t> directories_of(const pugi::xml_node &pixels, const std::array<Axis, 3> &axes, int samples,
                                     uint64_t most, uint64_t &left) {
    constexpr uint64_t nowhere = std::numeric_limits<uint64_t>::max();
    uint64_t planes = 1;
    for (const Axis &axis : axes)
        if (__builtin_mul_overflow(planes, axis.length, &planes) || planes > left) return {};
    left -= planes;
    std::vector<uint64_t> directories(planes, nowhere);
    if (!child_named(pixels, "TiffData")) std::iota(directories.begin(), directories.end(), 0);  // one by one
    for (const pugi::xml_node &data : pixels.children()) {
        if (local_name(data) != "TiffData") continue;
        const std::optional<uint64_t> first = first_plane(data, axes, samples);
        const uint64_t directory = whole_number(data, "IFD", 0);
        const uint64_t count = whole_number(data, "PlaneCount", data.attribute("IFD") ? 1 : planes);
        if (!first || count > planes - *first || directory >= most || count > most - directory) return {};
        for (uint64_t i = 0; i < count; i++) directories[*first + i] = directory + i;
    }
    if (std::find(directories.begin(), directories.end(), nowhere) != directories.end()) return {};
    return directories;
}

/// The UUID that the file gives itself, or else the only one that planes are said to be in.
std::string own_uuid(const pugi::xml_node &root) {
    if (const pugi::xml_attribute own = root.attribute("UUID")) return own.value();
    std::string only;
    for (const pugi::xml_node &image : root.children())
        for (const pugi::xml_node &data : child_named(image, "Pixels").children()) {
            const std::string found = child_named(data, "UUID").text().get();
            if (!found.empty() && !only.empty() && found != only) return "";
            if (!found.empty()) only = found;
        }
    return only;
}

/// Whether some planes are said to be in a file of another UUID.
bool is_elsewhere(const pugi::xml_node &pixels, const std::string &own) {
    return std::any_of(pixels.begin(), pixels.end(), [&](const pugi::xml_node &data) {
        const pugi::xml_node file = local_name(data) == "TiffData" ? child_named(data, "UUID") : pugi::xml_node();
        return file && own != file.text().get();
    });
}

}  // namespace

std::vector<OmeSeries> parse_ome_series(const std::string &description, int samples, uint64_t directories) {
    const std::string_view head = std::string_view(description).substr(0, 4096);
    if (head.find('<') == std::string_view::npos || head.find("OME") == std::string_view::npos) return {};
    pugi::xml_document document;
    if (!document.load_buffer(description.data(), description.size())) return {};
    const pugi::xml_node root = document.document_element();
    if (local_name(root) != "OME") return {};

    std::vector<OmeSeries> all;
    const std::string own = own_uuid(root);
    uint64_t left = directories;
    for (const pugi::xml_node &image : root.children()) {
        const pugi::xml_node pixels = local_name(image) == "Image" ? child_named(image, "Pixels") : pugi::xml_node();
        if (!pixels) continue;
        OmeSeries series;
        series.voxel.x = physical_size(pixels, "X", series.voxel.unit);
        series.voxel.y = physical_size(pixels, "Y", series.voxel.unit);
        series.voxel.z = physical_size(pixels, "Z", series.voxel.unit);
        const std::array<Axis, 3> axes = plane_axes(pixels, samples);
        for (auto axis = axes.rbegin(); axis != axes.rend(); ++axis)
            if (axis->length > 1) series.axes.push_back(*axis);
        if (!is_elsewhere(pixels, own)) series.directories = directories_of(pixels, axes, samples, directories, left);
        all.push_back(std::move(series));
    }
    return all;
}

}  // namespace unet
