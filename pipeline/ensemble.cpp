#include "pipeline/ensemble.h"
#include "src/base/error.h"
#include <fmt/format.h>

namespace unet {

namespace {

void check_same(const Model &model, const Model &first, const std::string &name, const std::string &first_name) {
    const auto refuse = [&](const char *what) {
        throw Error(Exit::data, fmt::format("{}: has other {} than {}; models that are averaged must agree", name, what,
                                            first_name));
    };
    const Architecture &a = model.architecture(), &b = first.architecture();
    if (a.channels != b.channels || model.context_slices != first.context_slices) refuse("channels");
    if (model.class_names != first.class_names) refuse("classes");
    if (a != b) refuse("width, depth or pooling");
}

std::string normalisation_text(const Normalisation &normalisation) {
    if (normalisation.by_page) return "page";
    std::string text;
    for (size_t k = 0; k < normalisation.low.size(); k++)
        text += fmt::format("{}{}..{}", k ? " " : "", normalisation.low[k], normalisation.high[k]);
    return text;
}

}  // namespace

Ensemble::Ensemble(const std::vector<std::string> &files) : files_(files) {
    for (const std::string &file : files) {
        models_.push_back(load_model(file));
        check_same(models_.back(), first(), file, name());
        weights_.emplace_back(models_.back().parameters, PreparedWeights::Use::inference);
        if (!hash_.empty()) hash_ += ',';
        hash_ += model_hash(models_.back());
    }
}

std::vector<Network> Ensemble::networks() const {
    std::vector<Network> networks;
    for (size_t i = 0; i < models_.size(); i++) networks.push_back({&weights_[i], &models_[i].normalisation});
    return networks;
}

std::string Ensemble::normalisation() const {
    std::string text;
    for (const Model &model : models_) text += (text.empty() ? "" : ", ") + normalisation_text(model.normalisation);
    return text;
}

}  // namespace unet
