#include "src/stack/ome_xml.h"
#include "src/base/error.h"
#include <fmt/format.h>
#include <pugixml.hpp>
#include <sstream>

namespace unet {

namespace {

const char *ome_type(SampleType type) {
    switch (type) {
    case SampleType::u8: return "uint8";
    case SampleType::i8: return "int8";
    case SampleType::u16: return "uint16";
    case SampleType::i16: return "int16";
    case SampleType::u32: return "uint32";
    case SampleType::i32: return "int32";
    case SampleType::f32: return "float";
    case SampleType::f64: return "double";
    case SampleType::u64:
    case SampleType::i64: break;
    }
    throw Error(Exit::internal,
                std::string("samples of type ") + sample_type_name(type) + " cannot be written; write 32 bits");
}

void add(pugi::xml_node node, const char *name, const std::string &value) {
    node.append_attribute(name) = value.c_str();
}

void add_size(pugi::xml_node pixels, const std::string &axis, double size, const std::string &unit) {
    if (size <= 0) return;
    add(pixels, ("PhysicalSize" + axis).c_str(),
        fmt::format("{}", size));  // the shortest text that reads back the same
    add(pixels, ("PhysicalSize" + axis + "Unit").c_str(), unit.empty() ? "reference frame" : unit);
}

void add_pixels(pugi::xml_node image, const StackShape &shape) {
    pugi::xml_node pixels = image.append_child("Pixels");
    add(pixels, "ID", "Pixels:0");
    add(pixels, "DimensionOrder", "XYCZT");
    add(pixels, "Type", ome_type(shape.type));
    add(pixels, "SizeX", std::to_string(shape.width));
    add(pixels, "SizeY", std::to_string(shape.height));
    add(pixels, "SizeZ", std::to_string(shape.pages));
    add(pixels, "SizeC", std::to_string(shape.samples));
    add(pixels, "SizeT", "1");
    add_size(pixels, "X", shape.voxel.x, shape.voxel.unit);
    add_size(pixels, "Y", shape.voxel.y, shape.voxel.unit);
    add_size(pixels, "Z", shape.voxel.z, shape.voxel.unit);
    add(pixels, "BigEndian", "false");
    add(pixels, "Interleaved", "false");
    for (int k = 0; k < shape.samples; k++) {
        pugi::xml_node channel = pixels.append_child("Channel");
        add(channel, "ID", "Channel:0:" + std::to_string(k));
        if (size_t(k) < shape.channels.size()) add(channel, "Name", shape.channels[size_t(k)]);
        add(channel, "SamplesPerPixel", "1");
    }
    pugi::xml_node data = pixels.append_child("TiffData");
    add(data, "IFD", "0");
    add(data, "PlaneCount", std::to_string(int64_t(shape.pages) * shape.samples));
}

void add_annotation(pugi::xml_node root, const std::map<std::string, std::string> &metadata) {
    pugi::xml_node annotation = root.append_child("StructuredAnnotations").append_child("MapAnnotation");
    add(annotation, "ID", "Annotation:0");
    add(annotation, "Namespace", "unetflow");
    pugi::xml_node value = annotation.append_child("Value");
    for (const auto &[key, text] : metadata) {
        pugi::xml_node entry = value.append_child("M");
        add(entry, "K", key);
        entry.text() = text.c_str();
    }
}

}  // namespace

std::string ome_xml(const StackShape &shape, const std::map<std::string, std::string> &metadata) {
    pugi::xml_document document;
    pugi::xml_node declaration = document.append_child(pugi::node_declaration);
    add(declaration, "version", "1.0");
    add(declaration, "encoding", "UTF-8");
    pugi::xml_node root = document.append_child("OME");
    add(root, "xmlns", "http://www.openmicroscopy.org/Schemas/OME/2016-06");
    add(root, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
    add(root, "xsi:schemaLocation",
        "http://www.openmicroscopy.org/Schemas/OME/2016-06 "
        "http://www.openmicroscopy.org/Schemas/OME/2016-06/ome.xsd");
    add(root, "Creator", "unetflow");
    pugi::xml_node image = root.append_child("Image");
    add(image, "ID", "Image:0");
    add_pixels(image, shape);
    if (!metadata.empty()) {
        add(image.append_child("AnnotationRef"), "ID", "Annotation:0");
        add_annotation(root, metadata);
    }
    std::ostringstream text;
    document.save(text, "", pugi::format_raw, pugi::encoding_utf8);
    return text.str();
}

}  // namespace unet
