// Models whose answers are averaged.
#pragma once
#include "pipeline/segment_stack.h"
#include "src/net/model.h"
#include <deque>

namespace unet {

/// One model, or several of one architecture that were trained on images of one kind: with other seeds, say.
class Ensemble {
public:
    /// Throws what load_model throws, and Error(data) when models do not fit together.
    explicit Ensemble(const std::vector<std::string> &files);
    Ensemble(const Ensemble &) = delete;
    Ensemble &operator=(const Ensemble &) = delete;

    const Model &first() const { return models_.front(); }  ///< architecture, class names, neighbours: those of all
    const std::string &name() const { return files_.front(); }
    std::vector<Network> networks() const;
    /// model_hash of each, in their order.
    const std::string &hash() const { return hash_; }
    /// How each takes gray values, in words.
    std::string normalisation() const;

private:
    std::vector<std::string> files_;
    std::deque<Model> models_;  // referred to
    std::deque<PreparedWeights> weights_;
    std::string hash_;
};

}  // namespace unet
