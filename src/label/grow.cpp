#include "src/label/grow.h"

namespace unet {

namespace {

Ids grown_once(const Ids &objects) {
    Ids grown = objects;
    for (int y = 0; y < objects.height; y++)
        for (int x = 0; x < objects.width; x++) {
            const auto take = [&](int u, int v) {
                if (grown(x, y) || u < 0 || v < 0 || u >= objects.width || v >= objects.height) return;
                grown(x, y) = objects(u, v);
            };
            take(x, y - 1), take(x - 1, y), take(x + 1, y), take(x, y + 1);
        }
    return grown;
}

}  // namespace

Ids grown_objects(Ids objects, int pixels) {
    for (int i = 0; i < pixels; i++) objects = grown_once(objects);
    return objects;
}

}  // namespace unet
