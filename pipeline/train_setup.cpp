#include "pipeline/train_setup.h"
#include "pipeline/input_identity.h"
#include "pipeline/output_path.h"
#include "src/base/error.h"
#include "src/base/paths.h"
#include <fmt/format.h>

namespace unet {

namespace fs = std::filesystem;

Architecture architecture_of(const TrainOptions &options, const TrainData &data) {
    return {data.channels(), data.classes(), options.width, options.depth, options.pooling};
}

SampleSource source_of(const TrainOptions &options, const TrainData &data, int input, int output) {
    const SampleOptions how{input,           output,          options.seed,  options.foreground_share,
                            options.augment, options.weights, options.shares};
    return {data.stacks, data.split.training,   data.survey.scheme, data.normalisation, data.class_weights,
            how,         data.survey.foreground};
}

std::optional<Model> model_to_begin_with(const TrainOptions &options, const Architecture &architecture) {
    if (options.from.empty()) return {};
    Model model = load_model(options.from);
    const Architecture &other = model.architecture();
    if (other.width != architecture.width || other.depth != architecture.depth || other.pooling != architecture.pooling)
        throw Error(
            Exit::data,
            fmt::format("{}: has width {}, depth {} and {} pooling; give the same --width, --depth and --pooling",
                        options.from, other.width, other.depth, other.pooling == Pooling::max ? "max" : "average"));
    return model;
}

void prepare_training(const TrainOptions &options) {
    if (options.freeze_encoder && options.from.empty())
        throw Error(Exit::usage, "--freeze-encoder: there are no weights to keep; name a model by --from");
    if (!options.from.empty()) check_output(options.model, {options.from});
    check_output(options.model, expand_lists(options.images).files);
    check_output(options.model, expand_paths(options.labels));
    if (fs::exists(options.model) && !options.overwrite && !options.preview)
        throw Error(Exit::cannot_create, options.model + ": exists; add --overwrite to replace it");
    make_folder_of(options.model);
    if (!options.dump_samples.empty()) make_folder(options.dump_samples);
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

std::string inputs_of(const TrainOptions &options) {
    return identify(expand_lists(options.images)).content + "; " + identify({expand_paths(options.labels)}).content;
}

}  // namespace unet
