// Which gradients travel together, and when.
#pragma once
#include "src/net/layout.h"
#include <string>
#include <vector>

namespace unet {

/// Floats [begin, begin + count) of Parameters.
struct GradientPiece {
    size_t begin, count;
    bool operator==(const GradientPiece &) const = default;
};

/// The pieces to be sent after each layer of `order`. Small layers wait for others until there are `least` floats,
/// neighbours become one piece, and no piece has more than `most`: each float is in one piece.
std::vector<std::vector<GradientPiece>>
gradient_pieces(const ParameterLayout &layout, const std::vector<std::string> &order, size_t least, size_t most);

}  // namespace unet
