#include "pipeline/training_iou.h"
#include "pipeline/validation.h"
#include "src/sample/windows.h"
#include <algorithm>

namespace unet {

namespace {

constexpr size_t most_training_slices = 3;
constexpr int judged_side = 512;  // pixels

}  // namespace

double training_iou(const PreparedWeights &weights, const TrainData &data) {
    const std::vector<StackPage> &pages = data.split.training;
    const size_t count = std::min({pages.size(), data.split.validation.size(), most_training_slices});
    Confusion confusion(data.classes());
    for (size_t i = 0; i < count; i++) {
        const StackPage page = pages[i * pages.size() / count];
        const LabelledStack &stack = data.stacks[page.stack];
        const Rect area = middle_of(stack.images->shape(), square(judged_side));
        const auto compare = [&](const Band &band) {
            const Rect rows{area.x, area.y + band.y, area.width, band.rows};
            Classes predicted(1, rows.width, rows.height);
            predicted.values = band.bytes;
            confusion.add(predicted,
                          to_classes_as_labelled(stack.labels->read_ids(page.page, rows), data.survey.scheme));
        };
        segment_part(weights, data.normalisation, *stack.images, {page.page, 1}, area, compare);
    }
    return mean_iou(confusion);
}

}  // namespace unet
