#include "pipeline/declare_segment.h"
#include "pipeline/merge.h"
#include "pipeline/plan.h"
#include "pipeline/segment_verb.h"
#include "pipeline/shared_options.h"
#include "pipeline/verify.h"
#include "src/base/error.h"
#include <memory>

namespace unet {

namespace {

// "classes", "probabilities" or both with a comma.
void set_emit(SegmentOptions &options, const std::string &text) {
    options.classes = options.probabilities = false;
    for (const std::string &word : parse_words(text)) {
        if (word == "classes") options.classes = true;
        else if (word == "probabilities") options.probabilities = true;
        else throw Error(Exit::usage, "must be classes, probabilities or classes,probabilities");
    }
}

void declare_models(OptionTable &table, std::vector<std::string> &models) {
    required(table.list("model", "FILE...",
                        "model that `unetflow train` wrote (.safetensors); the probabilities of several are averaged",
                        models));
}

std::shared_ptr<SegmentOptions> declare_segmentation(OptionTable &table, bool needs_output) {
    auto o = std::make_shared<SegmentOptions>();
    declare_models(table, o->models);
    required(table.list("input", several,
                        "images to segment: files, folders, globs, @lists; a + parts lists of files that are channels "
                        "of one another",
                        o->inputs));
    declare_channels(table, o->images);
    table.text("output", "FILE|DIR/", "a file: all inputs are one stack; a folder: one file per input", o->output)
        .required = needs_output;
    table.add("emit", "WORDS",
              "classes, probabilities or classes,probabilities; two go to OUTPUT's stem + .classes.tif and "
              ".probabilities.tif (default classes)",
              [o](const std::string &text) { set_emit(*o, text); });
    table.choice("probability-type", "type of probabilities: u8 is round(255 p), u16 round(65535 p)",
                 o->probability_type, {{"u8", SampleType::u8}, {"u16", SampleType::u16}, {"f32", SampleType::f32}});
    table.integer(
        "tile", "N",
        "network input in pixels, at most; larger is faster and takes more memory, the result is the same but "
        "with --overlap",
        o->tile, 1, most_tile);
    table.integer(
        "overlap", "N",
        "output pixels that neighbouring tiles share, to be averaged; that is not exact: the result depends on "
        "--tile, at up to four times the time. 0: each pixel from one tile, exact",
        o->overlap, 0, most_tile);
    table.choice("blend", "weights of tiles that overlap: mean: all alike; gaussian: less towards a tile's edge",
                 o->blend, {{"mean", BlendForm::mean}, {"gaussian", BlendForm::gaussian}});
    table.choice("tta",
                 "test-time augmentation: d4 is the mean over the image turned and mirrored in all eight ways; exact, "
                 "8 times the work",
                 o->d4, {{"none", false}, {"d4", true}});
    declare_device(table, o->device);
    declare_precision(table, o->precision);
    declare_device_memory(table, o->most_device_memory);
    table.integer("tiles-in-flight", "N",
                  "tiles in memory at a time; 0 chooses by the threads, or by the memory of devices",
                  o->tiles_in_flight, 0, most_tile);
    table.add("max-ram", "SIZE",
              "memory that may be taken, as 2G or 500M: tiles become as small as need be; with --overlap they do not, "
              "and too little is refused (default: four fifths of what the machine has left)",
              [o](const std::string &text) { o->most_memory = parse_bytes(text); });
    declare_slices(table, o->pages);
    table.add("roi", "X,Y,W,H", "this rectangle of each slice only, in pixels",
              [o](const std::string &text) { o->area = parse_rect(text); });
    table.choice("output-layout",
                 "bands: compressed; preallocated: uncompressed, one file that all shards write at once", o->storage,
                 {{"bands", TileStorage::deflate}, {"preallocated", TileStorage::plain}});
    table.flag("pyramid", "adds smaller copies of each slice, for viewers", o->pyramid);
    return o;
}

}  // namespace

std::function<void()> declare_segment(OptionTable &table) {
    auto o = declare_segmentation(table, true);
    table.add(
        "shard", "I/N",
        "part I of N only, counted from 0 (default: the task of a job array; none: all of it); %s in OUTPUT becomes I",
        [o](const std::string &text) {
            o->whole = text == "none";
            if (!o->whole) o->shard = parse_shard(text);
        });
    table.integer("shards", "M",
                  "of a job array of N tasks, task I does the parts I, I+N, ... of M; 0: as many as tasks", o->shards,
                  0, 1 << 30);
    table.text("log-json", "FILE", "adds what happens, one JSON object a line: start, band, checkpoint, stopped, done",
               o->event_log);
    table.flag("dry-run", "says what would be done, as `unetflow plan` does; with --shard by that shard", o->dry_run);
    table.flag("overwrite", "replaces an output that exists", o->overwrite);
    table.flag("restart", "begins anew where an earlier run has left an unfinished output", o->restart);
    table.flag("timings", "a table on stderr of where the time went", o->timings);
    table.flag("quiet", "nothing on stderr but errors", o->quiet);
    return [o] { o->dry_run ? run_plan(*o, "") : run_segment(*o); };
}

std::function<void()> declare_plan(OptionTable &table) {
    auto o = declare_segmentation(table, false);
    auto json = std::make_shared<std::string>();
    o->whole = true;  // in a job array too
    declare_json(table, *json);
    return [o, json] { run_plan(*o, *json); };
}

std::function<void()> declare_verify(OptionTable &table) {
    auto o = std::make_shared<VerifyOptions>();
    declare_models(table, o->models);
    required(table.list("input", several, "images: files, folders, globs, @lists; one stack", o->inputs));
    declare_channels(table, o->images);
    table.integer("slice", "N", "counted from 0; the middle one below 0", o->slice, -1,
                  std::numeric_limits<int>::max());
    table.add("roi", "X,Y,W,H", "this rectangle, in pixels (default: up to 1152 x 1152 in the middle)",
              [o](const std::string &text) { o->area = parse_rect(text); });
    table.flag("quiet", "nothing on stderr but errors", o->quiet);
    return [o] { run_verify(*o); };
}

std::function<void()> declare_merge(OptionTable &table) {
    auto o = std::make_shared<MergeOptions>();
    required(table.text("output", "FILE",
                        "the whole stack; with --output-layout preallocated: what the shards wrote into", o->output));
    table.list("shards", several,
               "files that the shards wrote, their receipts beside them; the option's name may be left out", o->shards);
    table.free_words("shards");
    table.flag("overwrite", "replaces an output that exists", o->overwrite);
    table.flag("quiet", "nothing on stderr but errors", o->quiet);
    return [o] { run_merge(*o); };
}

}  // namespace unet
