// What a model file's metadata says besides its weights.
#pragma once
#include "src/net/model.h"
#include "src/net/safetensors_header.h"

namespace unet {

/// The entries that decide pixels: format, architecture, normalisation.
Metadata deciding_metadata(const Architecture &architecture, const ModelNotes &notes);

/// All entries: the deciding ones, class names, provenance as "provenance.<key>".
Metadata to_metadata(const Architecture &architecture, const ModelNotes &notes);

/// Each reads its part back. Throws Error(data) with a line that lacks only the file's name: the fact, the remedy.
Architecture architecture_from(const Metadata &metadata);
Normalisation normalisation_from(const Metadata &metadata, int channels);
std::vector<std::string> class_names_from(const Metadata &metadata, int classes);
int context_slices_from(const Metadata &metadata, int channels);
std::map<std::string, std::string> provenance_from(const Metadata &metadata);

}  // namespace unet
