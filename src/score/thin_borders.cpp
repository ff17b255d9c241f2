#include "src/score/thin_borders.h"
#include "src/base/sides.h"

namespace unet {

namespace {

struct Pixel {
    int x, y;
};

}  // namespace

Ids thin_borders(const Ids &regions) {
    Ids grown = regions;
    Classes queued(1, regions.width, regions.height);
    std::vector<Pixel> queue;
    const auto push_open_sides = [&](Pixel at) {
        for_each_side(grown, at.x, at.y, [&](int u, int v) {
            if (grown(u, v) || queued(u, v)) return;
            queued(u, v) = 1;
            queue.push_back({u, v});
        });
    };
    for (int y = 0; y < regions.height; y++)
        for (int x = 0; x < regions.width; x++)
            if (regions(x, y)) push_open_sides({x, y});
    for (size_t next = 0; next < queue.size(); next++) {
        const Pixel at = queue[next];
        uint32_t region = 0;
        bool line = false;
        for_each_side(grown, at.x, at.y, [&](int u, int v) {
            const uint32_t beside = grown(u, v);
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
