#include "src/label/grow.h"
#include "src/base/sides.h"

namespace unet {

namespace {

Ids grown_once(const Ids &objects) {
    Ids grown = objects;
    for (int y = 0; y < objects.height; y++)
        for (int x = 0; x < objects.width; x++)
            for_each_side(objects, x, y, [&](int u, int v) {
                if (!grown(x, y)) grown(x, y) = objects(u, v);
            });
    return grown;
}

}  // namespace

Ids grown_objects(Ids objects, int pixels) {
    for (int i = 0; i < pixels; i++) objects = grown_once(objects);
    return objects;
}

}  // namespace unet
