#include "pipeline/finished_run.h"
#include "pipeline/checkpoint.h"
#include "pipeline/provenance.h"
#include "pipeline/train_setup.h"
#include "src/net/geometry.h"

namespace unet {

namespace fs = std::filesystem;

namespace {

// What a model says of its run that its options do not.
constexpr const char *outcomes[] = {"best-step", "validation-quality", "time-limit"};

// A model that cannot be read is none of this run.
std::optional<Model> readable_model(const std::string &path) {
    try {
        return load_model(path);
    } catch (const Error &) {
        return {};
    }
}

std::string taken(Provenance &from, const std::string &key) {
    const auto node = from.extract(key);
    return node ? node.mapped() : "";
}

// Guessed where options say nothing, and of the same inputs the same is guessed.
template<class Choice>
bool agrees(const std::string &found, const std::optional<Choice> &wanted, std::string (*name)(Choice)) {
    return !wanted || found == name(*wanted);
}

bool has_network(const Model &model, const TrainOptions &options, const std::optional<Model> &from) {
    const Architecture &own = model.architecture(),
                       wanted = network_of(options, from ? from->architecture() : Architecture{});
    return own.width == wanted.width && own.depth == wanted.depth && own.pooling == wanted.pooling &&
           model.context_slices == options.choice.context_slices &&
           model.normalisation.by_page == options.normalise_by_page;
}

bool has_provenance(const Model &model, const TrainOptions &options) {
    Provenance found = model.provenance;
    if (taken(found, "time-limit") != limit_text(options) ||
        !agrees<SplitBy>(taken(found, "validation-by"), options.validation_by, split_name) ||
        !agrees<LabelKind>(taken(found, "label-kind"), options.label_kind, kind_name))
        return false;
    for (const char *key : {"inputs", "from", "class-pixels"}) found.erase(key);
    for (const char *key : outcomes) found.erase(key);
    Provenance wanted = provenance(options, plan_steps(options.steps, options.validation_interval),
                                   geometry(model.architecture()).largest_input(options.tile));
    if (options.time_limit_seconds) wanted["steps"] = found["steps"];  // as many as there was time for
    if (options.time_limit_seconds && options.validation_interval == 0)
        wanted["validate-every"] = found["validate-every"];
    return found == wanted;
}

std::string entry_of(const Model &model, const std::string &key) {
    const auto found = model.provenance.find(key);
    return found == model.provenance.end() ? "" : found->second;
}

// What a model or a checkpoint says of the run that made it.
Metadata run_told_by(const fs::path &file) {
    Metadata metadata = SafetensorsReader(file).metadata();
    for (const char *key : outcomes) metadata.erase(std::string("provenance.") + key);
    metadata.erase("arithmetic");  // of checkpoints only
    std::erase_if(metadata, [](const auto &entry) { return entry.first.starts_with("progress."); });
    return metadata;
}

}  // namespace

bool is_finished(const TrainOptions &options) {
    const std::optional<Model> model = readable_model(options.model);
    if (!model || !has_provenance(*model, options)) return false;
    const InputIdentity inputs = inputs_of(options);
    if (entry_of(*model, "inputs") != inputs.content || fs::last_write_time(options.model) < inputs.changed)
        return false;
    const std::optional<Model> from = model_to_begin_with(options);
    return entry_of(*model, "from") == hash_of_start(from) && has_network(*model, options, from);
}

void remove_leftovers(const TrainOptions &options) {
    const Metadata run = run_told_by(options.model);
    const auto is_of_run = [&](const fs::path &file) {
        try {
            return run_told_by(file) == run;
        } catch (const Error &) {  // not there, or damaged
            return false;
        }
    };
    const Checkpoints checkpoints(beside_model(options.model, ""), options.kept_checkpoints);
    checkpoints.remove_parts();
    checkpoints.remove_if(is_of_run);
    const fs::path best = beside_model(options.model, ".best.safetensors");
    std::error_code failure;
    if (is_of_run(best)) fs::remove(best, failure);
}

}  // namespace unet
