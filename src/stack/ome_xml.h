// OME-XML for the stacks we write.
#pragma once
#include "src/stack/stack_reader.h"
#include <map>
#include <string>

namespace unet {

/// OME-XML (schema 2016-06) of a file with one directory per sample of a page, samples as channels with the names that
/// the shape gives them, and `metadata` as a map annotation. UTF-8; depends on its arguments only. Pages are taken as
/// slices (Z). Throws Error(internal) for types that OME does not know (64-bit integers).
std::string ome_xml(const StackShape &shape, const std::map<std::string, std::string> &metadata);

}  // namespace unet
