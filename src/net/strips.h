// Layers computed some rows at a time, so that what one writes is still in the cache when the next one reads it.
#pragma once
#include "src/net/rows.h"
#include <cstddef>
#include <vector>

namespace unet {

/// What computing a layer by rows takes.
struct RowUse {
    int height = 0;                 ///< rows of its output
    int unit = 1;                   ///< rows that are computed together: tiles of the kernel, which begin at multiples
    Rows (*input)(Rows) = nullptr;  ///< rows of its input that rows of its output need
};

/// For layers that each read what the one before them writes: the rows each of them computes, strip after strip, with
/// `rows` rows of the last layer in a strip. Layers run ahead of the ones behind them by as much as these need, and no
/// row is computed twice.
std::vector<std::vector<Rows>> cut_into_strips(const std::vector<RowUse> &layers, int rows);

/// Bytes of the last-level cache that a strip may take for each thread.
constexpr size_t strip_bytes_per_thread = size_t(2) << 20;

/// Rows of the last layer in a strip of `strip_bytes`, where `height` rows of it take `written` bytes of all layers and
/// filters of `filter_bytes`, which every strip reads again. `height` where strips would not help.
int strip_rows(int height, size_t written, size_t filter_bytes, size_t strip_bytes);

}  // namespace unet
