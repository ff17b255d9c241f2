// Distances to the nearest instances, for the weights of borders between them.
#pragma once
#include "src/base/array.h"
#include <functional>
#include <limits>

namespace unet {

/// For each pixel the Euclidean distances, in pixels, to the nearest and to the second nearest id: from pixel centre to
/// pixel centre, 0 on pixels of the id itself. Infinite where there is no such id, or none as near as asked for.
struct NearestIds {
    Pixels first, second;  ///< [1, W, H]
};

/// Exact, by a feature transform that keeps the two nearest ids: along columns, then along rows by lower envelopes. In
/// time linear in the pixels as long as ids are not far apart for their size. `ids` [1, W, H], 0 is background; sides
/// up to 32768. Distances above `most` are not asked for, which saves time. Throws Error(internal) for larger ones.
///
/// Source   Felzenszwalb, Huttenlocher 2012, "Distance transforms of sampled functions", with two ids for one
NearestIds nearest_ids(const Ids &ids, int most = std::numeric_limits<int>::max());

/// Gets the rows of `first` and `second`.
using NearestIdsOfRow = std::function<void(int y, const float *first, const float *second)>;

/// The same row by row, from top to bottom, without an image of them.
void nearest_ids_by_row(const Ids &ids, int most, const NearestIdsOfRow &use);

}  // namespace unet
