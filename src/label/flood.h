// One connected piece, flooded from its seeds.
#pragma once
#include "src/label/run_labels.h"
#include <filesystem>

namespace unet {

/// Columns [begin, end) of a row of a piece; its pixels are those from `first` on.
struct PieceRun {
    uint64_t first;
    int page, y, begin, end;
};

/// A piece somewhere in memory: runs page by page, row by row, from left to right, and its pixels in the same order.
struct Piece {
    const PieceRun *runs;
    uint64_t run_count, pixels;
    float *likelihoods;  ///< 0 and more; lost in the flood
    uint32_t *objects;   ///< that of each seed's pixels; 0: of no seed
};

/// Gives each pixel of a piece an object: those of the seeds grow into the others, the likeliest pixels first, of
/// equally likely ones that which was found first. Neighbours are found in the order of their rows. What waits to be
/// flooded is 24 bytes for each pixel at most, from a million pixels on in a temporary file in `folder`. `go_on` is
/// called now and then, and may throw.
///
/// Source   Meyer 1991 (flooding from markers)
void flood_piece(const Piece &piece, Neighbourhood neighbourhood, const std::filesystem::path &folder,
                 const std::function<void()> &go_on);

}  // namespace unet
