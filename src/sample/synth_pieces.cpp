#include "src/sample/synth_pieces.h"
#include <limits>

namespace unet {

Pieces find_pieces(const Ids &values) {
    constexpr uint32_t unseen = std::numeric_limits<uint32_t>::max();
    const int width = values.width, height = values.height;
    Pieces found{Array<uint32_t>(1, width, height, unseen), {}};
    std::vector<size_t> open;
    for (size_t start = 0; start < values.values.size(); start++) {
        if (found.piece.values[start] != unseen) continue;
        const uint32_t number = uint32_t(found.area.size()), value = values.values[start];
        found.area.push_back(0);
        const auto visit = [&](size_t pixel) {
            if (found.piece.values[pixel] != unseen || values.values[pixel] != value) return;
            found.piece.values[pixel] = number;
            found.area.back()++;
            open.push_back(pixel);
        };
        visit(start);
        while (!open.empty()) {
            const size_t pixel = open.back();
            open.pop_back();
            const size_t x = pixel % width, y = pixel / width;
            if (x > 0) visit(pixel - 1);
            if (x + 1 < size_t(width)) visit(pixel + 1);
            if (y > 0) visit(pixel - width);
            if (y + 1 < size_t(height)) visit(pixel + width);
        }
    }
    return found;
}

}  // namespace unet
