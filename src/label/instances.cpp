#include "src/label/instances.h"
#include "src/base/sides.h"
#include "src/label/grow.h"
#include "src/label/shape.h"
#include "src/sample/pieces.h"
#include <algorithm>
#include <queue>

namespace unet {

namespace {

/// One more than the largest id: the length of a list that ids index.
size_t id_end(const Ids &objects) {
    return size_t(*std::max_element(objects.values.begin(), objects.values.end())) + 1;
}

std::vector<uint64_t> pixels_of(const Ids &objects) {
    std::vector<uint64_t> pixels(id_end(objects));
    for (const uint32_t id : objects.values) pixels[id]++;
    return pixels;
}

/// Numbers objects in the order of their first pixels, without those that are not `kept`.
void number_kept(Ids &objects, const std::vector<bool> &kept) {
    std::vector<uint32_t> number(kept.size());
    uint32_t count = 0;
    for (uint32_t &id : objects.values) {
        if (id == 0 || !kept[id]) {
            id = 0;
            continue;
        }
        if (number[id] == 0) number[id] = ++count;
        id = number[id];
    }
}

void drop_small(Ids &objects, uint64_t smallest) {
    std::vector<bool> kept;
    for (const uint64_t pixels : pixels_of(objects)) kept.push_back(pixels >= smallest);
    number_kept(objects, kept);
}

/// Those of which no pixel is `rim` pixels or more from every edge.
void drop_at_edge(Ids &objects, int rim) {
    std::vector<bool> kept(id_end(objects));
    for (int y = rim; y < objects.height - rim; y++)
        for (int x = rim; x < objects.width - rim; x++) kept[objects(x, y)] = true;
    number_kept(objects, kept);
}

Ids pieces_above(const Pixels &values, double threshold) {
    Ids above(1, values.width, values.height);
    for (size_t i = 0; i < above.values.size(); i++) above.values[i] = values.values[i] > threshold;
    return connected_components(above, Touching::by_side);
}

/// Those of at least `smallest` pixels.
Ids large_pieces_above(const Pixels &values, double threshold, uint64_t smallest) {
    Ids pieces = pieces_above(values, threshold);
    drop_small(pieces, smallest);
    return pieces;
}

/// Pieces above the threshold in which no seed lies become seeds themselves.
Ids complete_seeds(Ids seeds, const Ids &pieces) {
    std::vector<bool> has_seed(pieces.values.size() + 1);
    uint32_t count = 0;
    for (size_t i = 0; i < seeds.values.size(); i++) {
        if (seeds.values[i]) has_seed[pieces.values[i]] = true;
        count = std::max(count, seeds.values[i]);
    }
    for (size_t i = 0; i < seeds.values.size(); i++)
        if (pieces.values[i] && !has_seed[pieces.values[i]]) seeds.values[i] = count + pieces.values[i];
    return seeds;
}

/// A pixel beside an object, in the order it is flooded: the likeliest first, then the one found first.
struct Shore {
    float likelihood;
    uint64_t found;
    size_t pixel;
    uint32_t object;
    bool operator<(const Shore &other) const {
        return likelihood != other.likelihood ? likelihood < other.likelihood : found > other.found;
    }
};

void flood(Ids &objects, const Pixels &foreground, double threshold) {
    const int width = objects.width;
    std::priority_queue<Shore> shores;
    uint64_t found = 0;
    const auto look_around = [&](size_t pixel) {
        const int x = int(pixel % size_t(width)), y = int(pixel / size_t(width));
        for_each_side(objects, x, y, [&](int u, int v) {
            const float likelihood = foreground(u, v);
            if (objects(u, v) == 0 && likelihood > threshold)
                shores.push({likelihood, found++, objects.index(0, u, v), objects.values[pixel]});
        });
    };
    for (size_t i = 0; i < objects.values.size(); i++)
        if (objects.values[i]) look_around(i);
    while (!shores.empty()) {
        const Shore shore = shores.top();
        shores.pop();
        if (objects.values[shore.pixel]) continue;
        objects.values[shore.pixel] = shore.object;
        look_around(shore.pixel);
    }
}

Ids watershed(const Pixels &foreground, const InstanceOptions &options) {
    const Ids pieces = large_pieces_above(foreground, options.threshold, options.smallest);
    const double seed = std::max(options.seed, options.threshold);
    Ids objects = complete_seeds(large_pieces_above(foreground, seed, options.smallest), pieces);
    flood(objects, foreground, options.threshold);
    return objects;
}

Ids found(const Pixels &foreground, const InstanceOptions &options) {
    switch (options.method) {
    case InstanceMethod::watershed: return watershed(foreground, options);
    case InstanceMethod::shape: return parted_by_shape(foreground, options.threshold, options.smoothing);
    default: return pieces_above(foreground, options.threshold);
    }
}

}  // namespace

Ids instances(const Pixels &foreground, const InstanceOptions &options) {
    Ids objects = found(foreground, options);
    drop_small(objects, options.smallest);
    objects = grown_objects(std::move(objects), options.grow);
    // Also numbers them in their order again, which growing may have changed.
    if (options.grow > 0 || options.field_of_interest > 0) drop_at_edge(objects, options.field_of_interest);
    return objects;
}

}  // namespace unet
