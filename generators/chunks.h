// How a sum over many items is cut, so that it has one fixed order and work for many threads.
#pragma once
#include <Halide.h>

namespace unet::generators {

/// Chunks of equally many items, whose operands are packed or transformed together, and parts of equally many chunks,
/// which threads may share. Items beyond `count` fill the last ones up; they must be 0. Everything depends on the
/// layer's shape alone, never on threads.
struct Chunks {
    Halide::Expr parts, in_part, size;  // parts; chunks of a part; items of a chunk

    /// At most `most_items` in a chunk. `most_parts` parts where each has 8 chunks or more.
    Chunks(Halide::Expr count, Halide::Expr most_items, Halide::Expr most_parts) {
        const Halide::Expr wanted = (count + most_items - 1) / most_items;
        parts = clamp(wanted / 8, 1, most_parts);
        in_part = (wanted + parts - 1) / parts;
        const Halide::Expr all = parts * in_part;
        size = (count + all - 1) / all;
    }
};

}  // namespace unet::generators
