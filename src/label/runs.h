// Rows of a binary image as the stretches that are set.
#pragma once
#include <functional>
#include <vector>

namespace unet {

/// Columns [begin, end) of a row.
struct Run {
    int begin = 0, end = 0;
    bool operator==(const Run &) const = default;
};

/// Of one row, from left to right, with gaps between them.
using Runs = std::vector<Run>;

/// A row of a page of a stack.
struct RowPlace {
    int page = 0, y = 0;
};

/// Hands out the rows of a stack, page by page, from top to bottom; may be asked several times.
using RowTaker = std::function<void(RowPlace at, const Runs &row)>;
using RowSource = std::function<void(const RowTaker &take)>;

/// The gaps of a row of `width` pixels.
inline Runs gaps_of(const Runs &row, int width) {
    Runs gaps;
    int begin = 0;
    for (const Run &run : row) {
        if (run.begin > begin) gaps.push_back({begin, run.begin});
        begin = run.end;
    }
    if (begin < width) gaps.push_back({begin, width});
    return gaps;
}

}  // namespace unet
