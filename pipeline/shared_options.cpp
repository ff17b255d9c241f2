#include "pipeline/shared_options.h"
#include "src/net/geometry.h"

namespace unet {

namespace {

constexpr int64_t most_channels = 65535, most_series = 1 << 20;

}  // namespace

void declare_network(OptionTable &table, Architecture &architecture, int &tile) {
    table.integer("width", "N", width_help, architecture.width, 1, largest_width);
    table.integer("depth", "N", depth_help, architecture.depth, 0, largest_depth);
    table.integer("channels", "N", "of the input", architecture.channels, 1, largest_channels);
    table.integer("classes", "N", "of the output", architecture.classes, 2, largest_classes);
    table.integer("tile", "N", "network input in pixels", tile, 1, most_tile);
}

void declare_labels(OptionTable &table, std::optional<LabelKind> &kind, std::optional<uint32_t> &ignore) {
    table.add("label-kind", "binary|classes|instances",
              "what label values mean (default: guessed, see `unetflow check`)",
              [&kind](const std::string &text) { kind = label_kind(text); });
    table.add("ignore-label", "N", "label value that is left out",
              [&ignore](const std::string &text) { ignore = uint32_t(parse_integer(text, 0, most_ids)); });
}

void declare_slices(OptionTable &table, std::optional<std::pair<int, int>> &slices) {
    table.add("z", "A:B", "slices A to B-1 only, counted from 0",
              [&slices](const std::string &text) { slices = parse_slices(text); });
}

void declare_channels(OptionTable &table, ImageChoice &choice) {
    table.add("channels", "A,B,...", "of the images, counted from 0, in this order (default: all)",
              [&choice](const std::string &text) {
                  choice.channels.clear();
                  for (const std::string &word : parse_words(text))
                      choice.channels.push_back(int(parse_integer(word, 0, most_channels)));
              });
    table.add("series", "N", "of files that hold several images, or pages of several sizes: this one, from 0",
              [&choice](const std::string &text) { choice.series = int(parse_integer(text, 0, most_series)); });
}

void declare_json(OptionTable &table, std::string &json) {
    table.text("json", "FILE", "results as JSON; - is stdout", json);
}

void declare_weights(OptionTable &table, WeightForm &form) {
    table.choice("weights", "of borders between cells, on top: paper and freiburg are two published forms", form,
                 {{"paper", WeightForm::paper}, {"freiburg", WeightForm::freiburg}, {"none", WeightForm::none}});
}

void declare_device(OptionTable &table, DeviceChoice &device) {
    table.add("device", "cpu|auto|opencl[:I]|cuda[:I]",
              "where networks compute. I: the number of a device, from 0; several, as opencl:0,1, share the work. A "
              "device's results have bytes of their own. auto: a graphics processor, or else the CPU (default cpu)",
              [&device](const std::string &text) { device = parse_device(text); });
}

void declare_precision(OptionTable &table, Precision &precision) {
    table.choice(
        "precision",
        "of the images between the layers of a network; float16 takes half of their memory, is computed in "
        "float32 all the same, and has bytes of its own. CPUs with AVX2, where it takes longer, and cuda have it",
        precision, {{"float32", Precision::float32}, {"float16", Precision::float16}});
}

void declare_device_memory(OptionTable &table, uint64_t &bytes) {
    table.add("device-memory", "SIZE",
              "memory of each device that may be taken, as 2G or 500M (default: nine tenths of what it has)",
              [&bytes](const std::string &text) { bytes = parse_bytes(text); });
}

void declare_memory_saver(OptionTable &table, bool &memory_saver) {
    table.flag("memory-saver", "computes activations twice rather than keep them: less memory, a slower step",
               memory_saver);
}

}  // namespace unet
