#include "src/sample/labelled_window.h"
#include "src/sample/windows.h"

namespace unet {

int window_rim(const WeightOptions &weights) { return weights.reach() + 1; }

LabelledWindow labelled_window(const Ids &ids_with_rim, const LabelScheme &scheme,
                               const std::vector<double> &class_weights, const WeightOptions &weights) {
    const Classes classes = to_classes(ids_with_rim, scheme);  // of more than the window: a strange value is refused
    Classes labels = without_rim(classes, weights.reach());
    Pixels map = weight_map(labels, to_cells(ids_with_rim, scheme), class_weights, weights);
    return {std::move(labels), std::move(map)};
}

}  // namespace unet
