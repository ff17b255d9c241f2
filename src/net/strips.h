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

/// Layers that could be computed in strips together, and who shares the work.
struct StripWork {
    int height = 0;           ///< rows of the last layer
    int tallest = 0;          ///< rows of the layer that has most
    size_t written = 0;       ///< bytes, by all layers
    size_t filter_bytes = 0;  ///< of all layers: every strip reads them again
    int threads = 1;
};

/// What layers may write in a strip unless other bounds are larger: part of a last-level cache.
constexpr size_t usual_strip_bytes = size_t(4) << 20;

constexpr size_t whole_layers = size_t(1) << 48;  ///< the same where there shall be no strips

/// Rows of the last layer in a strip; `height` where strips would not help.
int strip_rows(const StripWork &work, size_t strip_bytes = usual_strip_bytes);

}  // namespace unet
