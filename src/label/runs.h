// Rows of a binary image as the stretches that are set.
#pragma once
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

/// A row of a stack: where it is set, and how likely each of those pixels is, run by run, where that is asked for.
struct StackRow {
    RowPlace at;
    Runs runs;
    std::vector<float> likelihoods;
};

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
