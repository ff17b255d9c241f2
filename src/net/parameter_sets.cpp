#include "src/net/parameter_sets.h"
#include "src/base/error.h"

namespace unet {

void save_parameter_sets(const std::filesystem::path &path, const Metadata &metadata, const ParameterSets &sets) {
    std::vector<TensorShape> tensors;
    for (const auto &[set, parameters] : sets)
        for (const TensorShape &tensor : parameters->tensors())
            tensors.push_back({set + "." + tensor.name, tensor.shape});
    write_safetensors(path, metadata, tensors, [&](const std::string &name, int first, int count) {
        const size_t dot = name.find('.');
        return sets.at(name.substr(0, dot))->get(name.substr(dot + 1), first, count);
    });
}

void load_parameter_sets(SafetensorsReader &file, const ParameterSets &sets) {
    for (const auto &[set, parameters] : sets)
        for (const TensorShape &tensor : parameters->tensors()) {
            const std::string name = set + "." + tensor.name;
            const auto *found = file.find(name);
            if (!found) refuse_data("tensor " + name + " is missing");
            if (found->shape != tensor.shape)
                refuse_data("tensor " + name + " has shape " + to_string(found->shape) + ", not " +
                            to_string(tensor.shape));
            parameters->set(tensor.name, file.read(name));
        }
}

}  // namespace unet
