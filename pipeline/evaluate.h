// unetflow evaluate
#pragma once
#include "src/sample/labels.h"
#include "src/sample/weight_map.h"
#include <optional>
#include <string>
#include <vector>

namespace unet {

struct EvaluateOptions {
    std::vector<std::string> prediction;  ///< class maps; empty: the instances alone are judged
    std::vector<std::string> truth;
    std::optional<std::pair<int, int>> slices;  ///< first and one past the last; nothing: all
    int classes = 0;                            ///< of the model that predicted; 0: those that the truth holds
    std::optional<uint32_t> ignore_label;
    std::optional<LabelKind> label_kind;     ///< of the truth; nothing: guessed
    std::vector<std::string> probabilities;  ///< of the same pages; empty: the class map decides
    std::vector<std::string> instances;      ///< predicted objects; empty: connected pieces of the class map
    int border_class = 0;                    ///< what lies between objects
    std::string pictures;                    ///< a folder for a picture of each slice; empty: none
    std::string report;                      ///< an HTML file; empty: none
    std::vector<std::string> images;         ///< what was segmented, for pictures and report; may be empty
    WeightOptions weights;                   ///< that the pictures show
    bool overwrite = false;                  ///< pictures and a report that exist
    std::string json;                        ///< a file, "-" for stdout, empty for none
};

/// Scores class maps against truth (0/255, class ids or instance ids): IoU and Dice of each class, pixel error; cells
/// as regions (src/score/region_scores.h); per slice, and in total over all pixels or objects. Objects alone are judged
/// as pixels, too: class 1. Prints a table on stdout, unless the JSON goes there. Writes pictures and a report where
/// asked for.
///
/// Truth counts as it is labelled: cells of different ids that touch are cell up to their border, although training
/// carves a gap there. Both are streamed in windows of bounded size. A score that does not apply (a class in neither)
/// is absent. Throws Error: data (sizes differ, classes unknown), no_input, usage, cannot_create, io.
void run_evaluate(const EvaluateOptions &options);

}  // namespace unet
