#include "pipeline/gradient_pieces.h"
#include <algorithm>

namespace unet {

namespace {

GradientPiece floats_of(const DenseLayout &layer) { return {layer.filter[0], layer.end - layer.filter[0]}; }

// Neighbours joined, then cut.
std::vector<GradientPiece> join_and_cut(std::vector<GradientPiece> layers, size_t most) {
    std::sort(layers.begin(), layers.end(), [](const auto &a, const auto &b) { return a.begin < b.begin; });
    std::vector<GradientPiece> joined, pieces;
    for (const GradientPiece &layer : layers) {
        if (!joined.empty() && joined.back().begin + joined.back().count == layer.begin)
            joined.back().count += layer.count;
        else joined.push_back(layer);
    }
    for (const auto &[begin, count] : joined)
        for (size_t done = 0; done < count; done += most)
            pieces.push_back({begin + done, std::min(most, count - done)});
    return pieces;
}

}  // namespace

std::vector<std::vector<GradientPiece>>
gradient_pieces(const ParameterLayout &layout, const std::vector<std::string> &order, size_t least, size_t most) {
    std::vector<std::vector<GradientPiece>> after(order.size());
    std::vector<GradientPiece> held;
    size_t floats = 0;
    for (size_t i = 0; i < order.size(); i++) {
        held.push_back(floats_of(layout[order[i]]));
        floats += held.back().count;
        if (floats < least && i + 1 < order.size()) continue;
        after[i] = join_and_cut(std::move(held), most);
        held.clear();
        floats = 0;
    }
    return after;
}

}  // namespace unet
