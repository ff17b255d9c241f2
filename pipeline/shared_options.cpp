#include "pipeline/shared_options.h"
#include "src/net/geometry.h"

namespace unet {

void declare_architecture(OptionTable &table, int &width, int &depth) {
    table.integer("width", "N", "channels at full resolution, doubled at each level; 64 in the paper, 16 is fast",
                  width, 1, largest_width);
    table.integer("depth", "N", "number of poolings; 4 in the paper", depth, 0, largest_depth);
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

void declare_json(OptionTable &table, std::string &json) {
    table.text("json", "FILE", "results as JSON; - is stdout", json);
}

void declare_weights(OptionTable &table, WeightForm &form) {
    table.choice("weights", "of borders between cells, on top: paper and freiburg are two published forms", form,
                 {{"paper", WeightForm::paper}, {"freiburg", WeightForm::freiburg}, {"none", WeightForm::none}});
}

void declare_memory_saver(OptionTable &table, bool &memory_saver) {
    table.flag("memory-saver", "computes activations twice rather than keep them: less memory, a slower step",
               memory_saver);
}

}  // namespace unet
