#include "pipeline/declare_train.h"
#include "pipeline/shared_options.h"
#include "pipeline/train.h"
#include "src/base/error.h"
#include "src/net/geometry.h"
#include <fmt/format.h>
#include <memory>

namespace unet {

namespace {

SplitBy parse_split_by(const std::string &text) {
    if (text == "slices") return SplitBy::slices;
    if (text == "blocks") return SplitBy::blocks;
    throw Error(Exit::usage, "must be slices or blocks");
}

Pooling parse_pooling(const std::string &text) {
    if (text == "max") return Pooling::max;
    if (text == "average") return Pooling::average;
    throw Error(Exit::usage, "must be one of max|average");
}

// What the model of --from has need not be given again.
void declare_architecture(OptionTable &table, TrainOptions &o) {
    const Architecture usual;
    table.add("width", "N", fmt::format("{} (default: as --from, else {})", width_help, usual.width),
              [&o](const std::string &text) { o.width = int(parse_integer(text, 1, largest_width)); });
    table.add("depth", "N", fmt::format("{} (default: as --from, else {})", depth_help, usual.depth),
              [&o](const std::string &text) { o.depth = int(parse_integer(text, 0, largest_depth)); });
    table.add("pooling", "max|average", "how levels shrink (default: as --from, else max)",
              [&o](const std::string &text) { o.pooling = parse_pooling(text); });
}

void declare_method(OptionTable &table, TrainOptions &o) {
    table.integer("tile", "N", "network input in pixels: how much of an image one sample shows", o.tile, 1, most_tile);
    table.integer("batch", "N",
                  "samples per step; their gradients are added. Ranks of mpirun share them: a multiple of their number",
                  o.batch, 1, 1 << 16);
    table.choice("loss",
                 "cross-entropy, as in the paper; focal, which dwells on what is wrong; dice, which counts overlap; "
                 "cross-entropy+dice",
                 o.loss.form,
                 {{"cross-entropy", LossForm::cross_entropy},
                  {"focal", LossForm::focal},
                  {"dice", LossForm::dice},
                  {"cross-entropy+dice", LossForm::cross_entropy_and_dice}});
    table.number("focus", "X", "of the focal loss: larger looks away sooner from what is right", o.loss.focus, 0, 10);
    table.choice("optimiser", "adam, adamw: learn faster; sgd: with momentum, as in the paper", o.optimiser.method,
                 {{"adam", OptimiserMethod::adam}, {"adamw", OptimiserMethod::adamw}, {"sgd", OptimiserMethod::sgd}});
    table.number("learning-rate", "X", "for the sum of a batch's gradients", o.rate.base, 0, 1e6);
    table.choice("schedule", "how the learning rate falls", o.rate.schedule,
                 {{"constant", RateSchedule::constant},
                  {"cosine", RateSchedule::cosine},
                  {"polynomial", RateSchedule::polynomial}});
    table.integer("warm-up", "STEPS", "over which the learning rate rises; at most a tenth of the run", o.rate.warm_up,
                  0, many);
    table.number("weight-decay", "X", "of adamw: share of the weights that is lost in a step, by the learning rate",
                 o.optimiser.weight_decay, 0, 1);
    table.number("clip-gradient", "X", "largest norm of a step's gradient, larger ones are scaled down; 0: none is",
                 o.optimiser.largest_gradient, 0, 1e9);
    table.number("momentum", "X", "of SGD; 0.99 in the paper", o.optimiser.momentum, 0, 0.99999);
    table.number("dropout", "SHARE", "of the bottom's activations set to 0 in training", o.dropout, 0, 0.95);
}

void declare_samples(OptionTable &table, TrainOptions &o) {
    table.choice("normalise",
                 "gray values are scaled by those of the whole set, or of each page: where brightness differs",
                 o.normalise_by_page, {{"set", false}, {"page", true}});
    table.choice("class-weights", "balance: rare classes count as much as common ones", o.class_weights,
                 {{"balance", ClassWeights::balance}, {"none", ClassWeights::none}});
    declare_weights(table, o.weights.form);
    table.add("border-weight", "X", "of the thinnest border (default: paper 10, freiburg 50)",
              [&o](const std::string &text) { o.weights.border = parse_number(text, 0, 1e6); });
    table.add("border-sigma", "PIXELS", "how wide a border still counts (default: paper 5, freiburg 6)",
              [&o](const std::string &text) { o.weights.sigma = parse_number(text, 0.1, 100); });
    table.add("shares", "A,B,...", "of the samples, one number for each pair of files: 3,1 (default: by area)",
              [&o](const std::string &text) { o.shares = parse_numbers(text, 0, 1e6); });
    table.number("foreground-share", "SHARE", "of the samples that have to show more than class 0", o.foreground_share,
                 0, 1);
}

void declare_augmentation(OptionTable &table, AugmentOptions &o) {
    table.flag("no-flips", "samples are neither flipped nor turned by quarters", o.deformation.flips_and_turns, false);
    table.number("rotation", "DEGREES", "samples are turned by up to this angle, either way", o.deformation.rotation, 0,
                 180);
    table.number("scale", "X", "samples are up to 1 + X times as large, or as small", o.deformation.scale, 0, 1);
    table.number("elastic", "PIXELS", "standard deviation of the displacement at each node of a coarse grid",
                 o.deformation.elastic, 0, 1000);
    table.integer("elastic-grid", "N", "nodes along each side of a sample", o.deformation.nodes, 1, 32);
    table.choice("interpolation", "of image values; labels take the nearest", o.cubic,
                 {{"cubic", true}, {"linear", false}});
    table.number("gray-variation", "X", "strength of gain, offset and gamma variation of samples; 0 is none",
                 o.gray.variation, 0, 2);
    table.number("blur", "PIXELS", "samples are blurred by up to this standard deviation", o.gray.blur, 0, 2);
    table.number("noise", "X", "noise of up to this standard deviation, as a share of the gray range", o.gray.noise, 0,
                 1);
    table.number("em-faults", "SHARE", "of the samples that look as from a missing, dark or misaligned section",
                 o.em_faults, 0, 1);
}

}  // namespace

std::function<void()> declare_train(OptionTable &table) {
    auto o = std::make_shared<TrainOptions>();
    required(table.list("images", several,
                        "images: files, folders, globs, @lists; a + parts lists of files that are channels of one "
                        "another",
                        o->images));
    required(table.list("labels", several, "their labels, paired by name and page: 0/255, class ids or instance ids",
                        o->labels));
    required(table.text("model", "FILE", "model to write (.safetensors); metrics go to FILE.log.jsonl", o->model));
    declare_slices(table, o->slices);
    declare_channels(table, o->choice);
    table.integer(
        "context-slices", "N",
        "slices before each, and as many behind, that the network sees too, as further channels; segment knows "
        "by the model",
        o->choice.context_slices, 0, (largest_channels - 1) / 2);
    table.text(
        "from", "FILE",
        "fine-tunes this model: has its width, depth and pooling, begins with its weights where channels and classes "
        "fit",
        o->from);
    table.flag("freeze-encoder", "the contracting path keeps the weights of --from", o->freeze_encoder);
    declare_architecture(table, *o);
    table.integer("steps", "N", "training steps; equal steps give equal models", o->steps, 1, many / (1 << 20));
    table.add("time-limit", "TIME", "90s, 20m or 1h instead of --steps: times a few steps, then fixes their number",
              [o](const std::string &text) { o->time_limit_seconds = parse_seconds(text); });
    table.integer("seed", "N", "of the first weights and the samples", o->seed, 0, many);
    table.number("validation", "SHARE", "held out to choose the best weights; 0 keeps the last", o->validation, 0, 0.9);
    table.add("validation-by", "slices|blocks",
              "blocks: the lowest rows of every slice, as where there is a single one (default slices)",
              [o](const std::string &text) { o->validation_by = parse_split_by(text); });
    table.integer("validate-every", "STEPS", "0 is ten times in a run", o->validation_interval, 0, many);
    table.integer("patience", "N", "ends training after N validations without a better one; 0: never", o->patience, 0,
                  many);
    declare_method(table, *o);
    declare_labels(table, o->label_kind, o->ignore_label);
    table.integer("field-of-interest", "PIXELS",
                  "background nearer to an edge is not learned, as truths of the Cell Tracking Challenge leave out "
                  "objects that lie wholly there",
                  o->field_of_interest, 0, most_tile);
    declare_samples(table, *o);
    declare_augmentation(table, o->augment);
    declare_device(table, o->device);
    declare_memory_saver(table, o->memory_saver);
    table.add("checkpoint-every", "TIME",
              "between checkpoints, from which the same command goes on after a stop or a crash (default 5m)",
              [o](const std::string &text) { o->checkpoint_seconds = parse_seconds(text); });
    table.integer("keep-checkpoints", "N", "the last N are kept while training runs", o->kept_checkpoints, 1, 1000);
    table.flag("restart", "begins anew, even if a checkpoint of this model is there", o->restart);
    table.integer("preview", "N", "writes N samples as MODEL's stem + .preview.png (image, labels, weights) and stops",
                  o->preview, 0, 1000);
    table.text("dump-samples", "DIR", "writes every sample as it reaches the network", o->dump_samples);
    table.flag("no-report", "writes no MODEL's stem + .report.html: curves, pictures, options, times", o->report,
               false);
    table.flag("overwrite", "replaces a model that exists", o->overwrite);
    table.flag("quiet", "nothing on stderr but errors", o->quiet);
    return [o] { run_train(*o); };
}

}  // namespace unet
