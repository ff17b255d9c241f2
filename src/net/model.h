// A trained network in a file.
#pragma once
#include "src/base/normalisation.h"
#include "src/net/parameters.h"
#include <filesystem>
#include <map>

namespace unet {

/// What a model file says besides its weights.
struct ModelNotes {
    Normalisation normalisation;
    std::vector<std::string> class_names;           ///< one per class, class 0 first
    std::map<std::string, std::string> provenance;  ///< how it was trained, as key and value
    int context_slices = 0;  ///< neighbours before a slice, and as many behind, whose channels come along
};

struct Model : ModelNotes {
    Parameters parameters;

    Model(Parameters parameters, ModelNotes notes) : ModelNotes(std::move(notes)), parameters(std::move(parameters)) {}
    const Architecture &architecture() const { return parameters.architecture(); }
};

/// Writes a .safetensors file (through a .part): tensors named and shaped as PyTorch would; `__metadata__` holds format
/// version, architecture, normalisation, class names, provenance. The same model gives the same bytes.
void save_model(const std::filesystem::path &path, const Parameters &parameters, const ModelNotes &notes);
inline void save_model(const std::filesystem::path &path, const Model &model) {
    save_model(path, model.parameters, model);
}

/// Reads what save_model wrote, or what PyTorch's safetensors wrote with the same metadata.
/// Throws Error: no_input, data (cut off, not safetensors, tensors that do not fit the architecture, NaN weights).
Model load_model(const std::filesystem::path &path);

/// XXH3-128 of all tensors and of the metadata that decides pixels, in hexadecimal.
std::string model_hash(const Model &model);

}  // namespace unet
