// How gray values become network inputs; part of a model.
#pragma once
#include "src/base/array.h"

namespace unet {

/// value -> (value - low[k]) / (high[k] - low[k]) per channel k: the percentiles become 0 and 1. Nothing is clipped.
struct Normalisation {
    std::vector<float> low, high;
    /// Each page has its own percentiles, see PageNormaliser; low and high, those of the training set, are a note.
    bool by_page = false;

    void apply(Pixels &pixels) const {
        for (size_t i = 0; i < pixels.values.size(); i++) {
            const size_t k = i % pixels.channels;
            pixels.values[i] = (pixels.values[i] - low[k]) / (high[k] - low[k]);
        }
    }
    bool operator==(const Normalisation &) const = default;
};

}  // namespace unet
