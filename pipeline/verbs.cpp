#include "pipeline/verbs.h"
#include "pipeline/bench.h"
#include "pipeline/check.h"
#include "pipeline/declare_segment.h"
#include "pipeline/declare_train.h"
#include "pipeline/evaluate.h"
#include "pipeline/info.h"
#include "pipeline/label.h"
#include "pipeline/picture.h"
#include "pipeline/shared_options.h"
#include "pipeline/synth.h"
#include "src/base/error.h"
#include <memory>

namespace unet {

namespace {

std::function<void()> declare_info(OptionTable &table) {
    auto o = std::make_shared<InfoOptions>();
    required(
        table.list("files", several, "files, folders, globs or @lists; the option's name may be left out", o->files));
    table.free_words("files");
    declare_json(table, o->json);
    return [o] { run_info(*o); };
}

std::function<void()> declare_synth(OptionTable &table) {
    auto o = std::make_shared<SynthOptions>();
    required(table.text("output", "DIR", "folder for images.tif and labels.tif", o->output));
    table.choice("kind", "what is drawn", o->kind, {{"membranes", "membranes"}, {"cells", "cells"}});
    table.integer("size", "N", "width and height of a slice in pixels", o->size, 1, 4096);
    table.integer("slices", "N", "number of slices", o->slices, 1, 1 << 20);
    table.integer("seed", "N", "another seed gives another stack", o->seed, 0, many);
    table.flag("overwrite", "replaces a stack that exists", o->overwrite);
    table.flag("quiet", "nothing on stderr but errors", o->quiet);
    return [o] { run_synth(*o); };
}

std::function<void()> declare_check(OptionTable &table) {
    auto o = std::make_shared<CheckOptions>();
    required(table.list("images", several,
                        "images: files, folders, globs, @lists; a + parts lists of files that are channels of one "
                        "another",
                        o->images));
    required(table.list("labels", several, "their labels", o->labels));
    declare_slices(table, o->slices);
    declare_channels(table, o->choice);
    declare_labels(table, o->label_kind, o->ignore_label);
    declare_json(table, o->json);
    return [o] { run_check(*o); };
}

std::function<void()> declare_evaluate(OptionTable &table) {
    auto o = std::make_shared<EvaluateOptions>();
    table.list("prediction", several,
               "class maps that `unetflow segment` wrote; left out where --instances alone are judged", o->prediction);
    required(
        table.list("truth", several, "labels, paired by name and page: 0/255, class ids or instance ids", o->truth));
    table.add("z", "A:B", "slices A to B-1 of the truth only; a prediction with just as many slices is taken whole",
              [o](const std::string &text) { o->slices = parse_slices(text); });
    table.integer("classes", "N", "of the model that predicted; 0: those that the truth holds", o->classes, 0, 255);
    table.list("probabilities", several,
               "that `unetflow segment` wrote of the same slices: V_rand, V_info, Rand and warping error at the best "
               "threshold",
               o->probabilities);
    table.list("instances", several,
               "predicted objects by their ids (default: connected pieces of the class map); alone, they are class 1",
               o->instances);
    table.integer("class", "N", "what lies between objects: membrane, background", o->border_class, 0, 254);
    declare_labels(table, o->label_kind, o->ignore_label);
    table.text("pictures", "DIR", "a PNG of each slice: truth, border weights, prediction, difference", o->pictures);
    table.text("report", "FILE", "an HTML page: scores, curves over slices, confusion matrix, the worst slices",
               o->report);
    table.list("images", several, "what was segmented, for pictures and report", o->images);
    declare_weights(table, o->weights.form);
    table.flag("overwrite", "replaces pictures and a report that exist", o->overwrite);
    declare_json(table, o->json);
    return [o] { run_evaluate(*o); };
}

std::function<void()> declare_label(OptionTable &table) {
    auto o = std::make_shared<LabelOptions>();
    required(table.list("input", several, "class maps or probabilities that `unetflow segment` wrote", o->inputs));
    required(
        table.text("output", "FILE|DIR/",
                   "label images, u16 or u32 as their number needs; a file: all inputs are one stack; a folder: one "
                   "file per input",
                   o->output));
    table.integer("foreground", "N", "the class whose objects are numbered", o->foreground, 0, 254);
    table.choice(
        "method",
        "components: pieces that touch; watershed: parts objects where they are least likely; shape: where they narrow",
        o->instances.method,
        {{"components", InstanceMethod::components},
         {"watershed", InstanceMethod::watershed},
         {"shape", InstanceMethod::shape}});
    table.number("threshold", "P", "pixels of a larger probability are foreground", o->instances.threshold, 0, 1);
    table.number("seed", "P", "of watershed: an object begins where --min-size pixels have a larger probability",
                 o->instances.seed, 0, 1);
    table.number("smoothing", "PIXELS", "of shape: standard deviation; larger parts less", o->instances.smoothing, 0,
                 100);
    table.integer("grow", "PIXELS", "objects are grown by, as far as they do not meet: what training carved away",
                  o->instances.grow, 0, 1000);
    table.integer("min-size", "PIXELS", "smaller objects are left out", o->instances.smallest, 1, many);
    table.integer("field-of-interest", "PIXELS",
                  "objects that lie wholly within so many pixels of the edge are left out, as in truths of the Cell "
                  "Tracking Challenge",
                  o->instances.field_of_interest, 0, most_tile);
    table.flag("volume", "objects go through slices: the stack is one volume", o->through_slices);
    table.choice("connectivity",
                 "pixels that touch: by a side (4, in a volume 6: the default) or by a corner, too (8, in a volume 26)",
                 o->connectivity,
                 {{"4", Connectivity::four},
                  {"8", Connectivity::eight},
                  {"6", Connectivity::six},
                  {"26", Connectivity::twenty_six}});
    table.flag("fill-holes", "what an object encloses becomes a part of it", o->fill_holes);
    table.flag("csv", "OUTPUT's stem + .csv lists the objects: pixels, bounds, centroid, in physical units too",
               o->list);
    table.flag("pyramid", "adds smaller copies of each slice, for viewers", o->pyramid);
    table.flag("overwrite", "replaces an output that exists", o->overwrite);
    table.flag("restart", "begins anew where an earlier run has left an unfinished output", o->restart);
    table.flag("quiet", "nothing on stderr but errors", o->quiet);
    return [o] { run_label(*o); };
}

std::function<void()> declare_bench(OptionTable &table) {
    auto o = std::make_shared<BenchOptions>();
    declare_network(table, o->architecture, o->tile);
    table.integer("repeat", "N", "runs; the median counts", o->repeat, 1, 1000);
    table.flag("skip-training", "times inference only", o->training, false);
    declare_device(table, o->device);
    declare_precision(table, o->precision);
    declare_memory_saver(table, o->memory_saver);
    declare_json(table, o->json);
    table.flag("quiet", "nothing on stderr but errors", o->quiet);
    return [o] { run_bench(*o); };
}

std::function<void()> declare_picture(OptionTable &table) {
    auto o = std::make_shared<PictureOptions>();
    required(table.text("image", "FILE", "stack the slice is taken from", o->image));
    table.text("truth", "FILE", "its labels", o->truth);
    table.text("prediction", "FILE", "class map that `unetflow segment` wrote", o->prediction);
    table.add("roi", "X,Y,W,H", "this rectangle only, in pixels",
              [o](const std::string &text) { o->area = parse_rect(text); });
    table.integer("slice", "N", "counted from 0", o->slice, 0, std::numeric_limits<int>::max());
    required(table.text("output", "FILE", "picture to write (.png)", o->output));
    return [o] { run_picture(*o); };
}

std::vector<Verb> all_verbs() {
    return {
        {"info", "says what a TIFF holds", "Pages, size, type, layout, compression, axes and voxel size of each file.",
         "  unetflow info em.tif\n"
         "  unetflow info raw/ --json -",
         declare_info},
        {"check", "says what training would see",
         "Pairs images with labels and reads them all: sizes, gray values, what kind of labels these are (0/255, class "
         "ids or\n"
         "instance ids), how common the classes are, and what may go wrong.",
         "  unetflow check --images em.tif --labels em-labels.tif\n"
         "  unetflow check --images raw/ --labels masks/ --json -",
         declare_check},
        {"train", "trains a U-Net on labelled stacks",
         "Reads images and labels, of which `unetflow check` says what training makes of them; draws samples, turned, "
         "bent and\n"
         "with other gray values; writes a model file that holds all that `unetflow segment` needs. Without "
         "--time-limit\n"
         "the result depends on the options alone, not on threads or machine. A run that was stopped or killed goes on "
         "when\n"
         "the same command is given again; one that is complete ends at once. Started by mpirun or srun --mpi=pmix,\n"
         "several processes share each batch, and give the result of one.",
         "  unetflow train --images em.tif --labels em-labels.tif --model em.safetensors --width 16 --time-limit 20m\n"
         "  unetflow train --images raw/ --labels masks/ --model cells.safetensors --steps 5000 --validation 0.2\n"
         "  mpirun -np 4 --bind-to none unetflow train --images raw/ --labels masks/ --model cells.safetensors --batch "
         "4",
         declare_train, true},
        {"segment", "segments stacks of any size with a trained model",
         "Cuts every slice into tiles that overlap, runs them through the network and writes class maps (u8: 0 is the "
         "class of label\n"
         "value 0) or probabilities as BigTIFF. Memory does not depend on the size of the input. The tiles leave no "
         "seams: any --tile\n"
         "and any number of threads give the same bytes. The output appears under its name when it is complete; a run "
         "that "
         "was\n"
         "killed, stopped or out of space goes on when the same command is given again.",
         "  unetflow segment --model em.safetensors --input em-new.tif --output em-new-classes.tif\n"
         "  unetflow segment --model cells.safetensors --input raw/ --output results/ --emit classes,probabilities",
         declare_segment},
        {"plan", "says what `segment` would need",
         "Tiles, memory, disk and time of `unetflow segment` with the same options, from the sizes of things and a "
         "measurement of\n"
         "about a second.",
         "  unetflow plan --model em.safetensors --input em-new.tif\n"
         "  unetflow plan --model em.safetensors --input raw/ --output results/ --max-ram 2G --json -",
         declare_plan},
        {"verify", "proves on your images that tiles leave no seams",
         "Segments a crop in one tile, then in smaller ones and with another number of threads, and prints in how many "
         "pixels any\n"
         "probability differs, to the last bit: 0.",
         "  unetflow verify --model em.safetensors --input em.tif\n"
         "  unetflow verify --model em.safetensors --input em.tif --slice 3 --roi 0,0,800,700",
         declare_verify},
        {"merge", "joins what the shards of `segment` wrote",
         "Checks that all shards are there and are what their receipts say, and gives the very bytes of a run without "
         "shards.\n"
         "Nothing is compressed anew.",
         "  unetflow merge --output em-classes.tif parts/*.tif\n"
         "  unetflow merge --output em-classes.tif     (after --output-layout preallocated)",
         declare_merge},
        {"label", "numbers the objects of a segmentation",
         "Turns each slice of a class map, or of probabilities, into objects with numbers, from 1 on through the whole "
         "stack.",
         "  unetflow label --input em-classes.tif --output em-objects.tif --min-size 20\n"
         "  unetflow label --input cells.probabilities.tif --output objects.tif --method shape --grow 1",
         declare_label},
        {"evaluate", "scores a segmentation against labels",
         "IoU and Dice of each class and the share of wrong pixels, of each slice and of all pixels together; how well "
         "cells\n"
         "are parted (V_rand, V_info, Rand and warping error, ARAND, VOI) and found (SEG, AP, F1, PQ).\n"
         "Truth counts as labelled: cells that touch are cell up to their border (training carves a gap there).",
         "  unetflow evaluate --prediction em-classes.tif --truth em-labels.tif\n"
         "  unetflow evaluate --prediction results/ --truth masks/ --json scores.json",
         declare_evaluate},
        {"bench", "times the network on this machine",
         "Times one inference and one training step with random weights, in seconds, and the processor's own peak of "
         "fused\n"
         "multiply-adds in the same run.",
         "  unetflow bench --width 64 --tile 572\n"
         "  unetflow bench --width 32 --threads 1 --skip-training --json -",
         declare_bench},
        {"synth", "draws a stack with exact labels",
         "Makes images to try things out with: membranes as in electron microscopy (labels 0 and 255) or cells that "
         "touch\n"
         "(labels are cell numbers). Equal options give equal files.",
         "  unetflow synth --output demo/train --kind membranes --slices 20 --seed 1\n"
         "  unetflow synth --output demo/cells --kind cells --size 1024 --slices 4",
         declare_synth},
        {"picture", "draws one slice with its labels and its result",
         "Writes a PNG: the image, the truth and the prediction side by side.",
         "  unetflow picture --image em.tif --truth em-labels.tif --prediction em-classes.tif --slice 3 --output "
         "em.png\n"
         "  unetflow picture --image em.tif --prediction em-classes.tif --output em.png",
         declare_picture},
    };
}

}  // namespace

const std::vector<Verb> &verbs() {
    static const std::vector<Verb> all = all_verbs();
    return all;
}

}  // namespace unet
