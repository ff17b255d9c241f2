#include "src/score/overlaps.h"
#include "src/base/error.h"
#include <algorithm>

namespace unet {

std::vector<Overlap> overlaps_of(const Ids &truth, const Ids &segmentation) {
    if (truth.width != segmentation.width || truth.height != segmentation.height)
        throw Error(Exit::internal, "overlaps: label images of different sizes");
    std::vector<Overlap> runs;  // of equal pairs side by side: much fewer than pixels
    for (size_t i = 0; i < truth.values.size(); i++) {
        const Overlap here{truth.values[i], segmentation.values[i], 1};
        if (!runs.empty() && runs.back().truth == here.truth && runs.back().segmentation == here.segmentation)
            runs.back().pixels++;
        else runs.push_back(here);
    }
    std::sort(runs.begin(), runs.end(), [](const Overlap &a, const Overlap &b) {
        return a.truth != b.truth ? a.truth < b.truth : a.segmentation < b.segmentation;
    });
    std::vector<Overlap> overlaps;
    for (const Overlap &run : runs)
        if (!overlaps.empty() && overlaps.back().truth == run.truth && overlaps.back().segmentation == run.segmentation)
            overlaps.back().pixels += run.pixels;
        else overlaps.push_back(run);
    return overlaps;
}

}  // namespace unet
