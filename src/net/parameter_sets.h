// Several sets of parameters of one network in one file: weights, and what an optimiser remembers of each.
#pragma once
#include "src/net/parameters.h"
#include "src/net/safetensors.h"
#include <map>

namespace unet {

/// By name. All of one architecture.
using ParameterSets = std::map<std::string, Parameters *>;

/// Writes a .safetensors file (through a .part) with the tensors of each set as "<set>.<tensor>".
/// Throws what write_safetensors throws.
void save_parameter_sets(const std::filesystem::path &path, const Metadata &metadata, const ParameterSets &sets);

/// Fills `sets` with the values of a file. Throws Error(data) when a tensor is missing or of another shape.
void load_parameter_sets(SafetensorsReader &file, const ParameterSets &sets);

}  // namespace unet
