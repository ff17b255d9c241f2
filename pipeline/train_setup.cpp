#include "pipeline/train_setup.h"
#include "pipeline/finished_run.h"
#include "pipeline/output_path.h"
#include "src/base/error.h"
#include "src/base/paths.h"
#include <algorithm>
#include <fmt/format.h>

namespace unet {

namespace fs = std::filesystem;

Architecture network_of(const TrainOptions &options, const Architecture &start) {
    return {.width = options.width.value_or(start.width),
            .depth = options.depth.value_or(start.depth),
            .pooling = options.pooling.value_or(start.pooling)};
}

Architecture architecture_of(const TrainOptions &options, const TrainData &data, const std::optional<Model> &from) {
    Architecture architecture = network_of(options, from ? from->architecture() : Architecture{});
    architecture.channels = data.channels();
    architecture.classes = data.classes();
    return architecture;
}

std::string hash_of_start(const std::optional<Model> &from) { return from ? model_hash(*from) : "nothing"; }

SampleSource source_of(const TrainOptions &options, const TrainData &data, int input, int output) {
    const SampleOptions how{input,           output,          options.seed,  options.foreground_share,
                            options.augment, options.weights, options.shares};
    return {data.stacks, data.split.training,   data.survey.scheme, data.normalisation, data.class_weights,
            how,         data.survey.foreground};
}

std::optional<Model> model_to_begin_with(const TrainOptions &options) {
    if (options.from.empty()) return {};
    Model model = load_model(options.from);
    const Architecture &own = model.architecture(), asked = network_of(options, own);
    if (asked.width != own.width || asked.depth != own.depth || asked.pooling != own.pooling)
        throw Error(
            Exit::data,
            fmt::format("{}: has width {}, depth {} and {} pooling; leave out --width, --depth and --pooling, or give "
                        "the same",
                        options.from, own.width, own.depth, own.pooling == Pooling::max ? "max" : "average"));
    return model;
}

bool prepare_training(const TrainOptions &options) {
    if (options.freeze_encoder && options.from.empty())
        throw Error(Exit::usage, "--freeze-encoder: there are no weights to keep; name a model by --from");
    if (!options.from.empty()) check_output(options.model, {options.from});
    check_output(options.model, expand_lists(options.images).files);
    check_output(options.model, expand_paths(options.labels));
    if (fs::exists(options.model) && !options.overwrite && !options.preview) {
        if (options.dump_samples.empty() && is_finished(options)) return true;
        throw Error(Exit::cannot_create, options.model + ": exists; add --overwrite to replace it");
    }
    make_folder_of(options.model);
    if (!options.dump_samples.empty()) make_folder(options.dump_samples);
    return false;
}

void check_ranks(const TrainOptions &options, int ranks) {
    if (ranks == 1) return;
    if (options.batch % ranks)
        throw Error(Exit::usage, fmt::format("--batch {}: {} ranks cannot share it evenly; give a multiple of {}",
                                             options.batch, ranks, ranks));
    for (const auto &[name, given] :
         {std::pair("--preview", options.preview > 0), std::pair("--dump-samples", !options.dump_samples.empty())})
        if (given) throw Error(Exit::usage, fmt::format("{}: is for one process; leave mpirun or srun out", name));
}

std::string beside_model(const std::string &model, const std::string &ending) {
    const fs::path path(model);
    return (path.parent_path() / path.stem()).string() + ending;
}

InputIdentity inputs_of(const TrainOptions &options) {
    const InputIdentity images = identify(expand_lists(options.images)),
                        labels = identify({expand_paths(options.labels)});
    return {images.content + "; " + labels.content, images.times + labels.times,
            std::max(images.changed, labels.changed)};
}

}  // namespace unet
