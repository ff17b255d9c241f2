// The weights of a run's best validation.
#pragma once
#include "src/net/model.h"
#include <filesystem>
#include <optional>

namespace unet {

/// In memory, and in a file beside the model as long as training runs.
class BestWeights {
public:
    BestWeights(std::filesystem::path file, const Architecture &architecture)
        : file_(std::move(file)), architecture_(architecture) {}

    /// Null before the first validation.
    const Parameters *get() const { return weights_ ? &*weights_ : nullptr; }
    Parameters *get() { return weights_ ? &*weights_ : nullptr; }
    void take(const Parameters &weights);
    /// Memory for those of a checkpoint.
    Parameters &make_room() { return weights_.emplace(architecture_); }

    const std::filesystem::path &file() const { return file_; }
    bool has_file() const { return std::filesystem::exists(file_); }
    /// Throws what save_model throws.
    void save(const ModelNotes &notes) const { save_model(file_, *weights_, notes); }
    void remove_file() const;

private:
    std::filesystem::path file_;
    Architecture architecture_;
    std::optional<Parameters> weights_;
};

}  // namespace unet
