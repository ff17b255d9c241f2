#include "src/score/thin_borders.h"
#include <array>

namespace unet {

namespace {

struct Pixel {
    int x, y;
};

constexpr std::array<Pixel, 4> sides{{{0, -1}, {-1, 0}, {1, 0}, {0, 1}}};

template<class Visit>
void for_each_side(const Ids &ids, Pixel at, Visit visit) {
    for (const Pixel &side : sides) {
        const int x = at.x + side.x, y = at.y + side.y;
        if (x >= 0 && y >= 0 && x < ids.width && y < ids.height) visit(Pixel{x, y});
    }
}

}  // namespace

Ids thin_borders(const Ids &regions) {
    Ids grown = regions;
    Classes queued(1, regions.width, regions.height);
    std::vector<Pixel> queue;
    const auto push_open_sides = [&](Pixel at) {
        for_each_side(grown, at, [&](Pixel side) {
            if (grown(side.x, side.y) || queued(side.x, side.y)) return;
            queued(side.x, side.y) = 1;
            queue.push_back(side);
        });
    };
    for (int y = 0; y < regions.height; y++)
        for (int x = 0; x < regions.width; x++)
            if (regions(x, y)) push_open_sides({x, y});
    for (size_t next = 0; next < queue.size(); next++) {
        const Pixel at = queue[next];
        uint32_t region = 0;
        bool line = false;
        for_each_side(grown, at, [&](Pixel side) {
            const uint32_t beside = grown(side.x, side.y);
            line |= region && beside && beside != region;
            if (beside) region = beside;
        });
        if (line || !region) continue;
        grown(at.x, at.y) = region;
        push_open_sides(at);
    }
    return grown;
}

}  // namespace unet
