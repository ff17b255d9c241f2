// Runs of rows.
#pragma once

namespace unet {

/// Rows [begin, end) of an image.
struct Rows {
    int begin = 0, end = 0;
    int count() const { return end - begin; }
    bool operator==(const Rows &) const = default;
};

}  // namespace unet
