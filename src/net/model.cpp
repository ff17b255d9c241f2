#include "src/net/model.h"
#include "src/base/error.h"
#include "src/base/hash.h"
#include "src/net/model_metadata.h"
#include "src/net/safetensors.h"
#include <algorithm>
#include <cmath>
#include <memory>

namespace unet {

namespace {

/// Before any memory is spent: the file holds exactly the tensors of the architecture it claims.
void check_tensors(const SafetensorsReader &file, const std::vector<TensorShape> &expected) {
    for (const TensorShape &tensor : expected) {
        const auto *found = file.find(tensor.name);
        if (!found) refuse_data("tensor " + tensor.name + " is missing; give a model that unetflow train wrote");
        if (found->shape != tensor.shape)
            refuse_data("tensor " + tensor.name + " has shape " + to_string(found->shape) +
                        ", its architecture needs " + to_string(tensor.shape) +
                        "; give a model whose metadata fits its weights");
    }
    const auto is_expected = [&](const TensorShape &tensor) {
        return std::find(expected.begin(), expected.end(), tensor) != expected.end();
    };
    for (const TensorShape &tensor : file.tensors())
        if (!is_expected(tensor))
            refuse_data("tensor " + quoted(tensor.name) +
                        " has no place in its architecture; remove it or correct the metadata");
}

std::vector<float> read_finite(SafetensorsReader &file, const std::string &name) {
    std::vector<float> values = file.read(name);
    const auto is_finite = [](float value) { return std::isfinite(value); };
    if (!std::all_of(values.begin(), values.end(), is_finite))
        refuse_data("tensor " + name + " holds NaN or infinite weights; train again with a lower learning rate");
    return values;
}

Model load(SafetensorsReader &file) {
    const Architecture architecture = architecture_from(file.metadata());
    const std::vector<TensorShape> tensors = ParameterLayout(architecture).tensors();
    check_tensors(file, tensors);
    Model model(Parameters(architecture),
                {normalisation_from(file.metadata(), architecture.channels),
                 class_names_from(file.metadata(), architecture.classes), provenance_from(file.metadata()),
                 context_slices_from(file.metadata(), architecture.channels)});
    for (const TensorShape &tensor : tensors) model.parameters.set(tensor.name, read_finite(file, tensor.name));
    return model;
}

}  // namespace

void save_model(const std::filesystem::path &path, const Parameters &parameters, const ModelNotes &notes) {
    write_safetensors(
        path, to_metadata(parameters.architecture(), notes), parameters.tensors(),
        [&](const std::string &name, int first, int count) { return parameters.get(name, first, count); });
}

Model load_model(const std::filesystem::path &path) {
    SafetensorsReader file(path);
    try {
        return load(file);
    } catch (const Error &error) {
        if (error.code != Exit::data) throw;
        throw Error(Exit::data, path.string() + ": " + error.what());
    }
}

std::string model_hash(const Model &model) {
    Hash hash;
    for (const auto &[key, value] : deciding_metadata(model.architecture(), model)) {
        const std::string line = key + "=" + value + "\n";
        hash.add(line.data(), line.size());
    }
    for (const TensorShape &tensor : model.parameters.tensors()) {
        const std::vector<float> values = model.parameters.get(tensor.name);
        hash.add(values.data(), values.size() * sizeof(float));
    }
    return hash.text();
}

}  // namespace unet
