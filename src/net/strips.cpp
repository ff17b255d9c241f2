#include "src/net/strips.h"
#include <algorithm>

namespace unet {

std::vector<std::vector<Rows>> cut_into_strips(const std::vector<RowUse> &layers, int rows) {
    std::vector<std::vector<Rows>> strips;
    std::vector<Rows> strip(layers.size());
    while (strip.back().end < layers.back().height) {
        int wanted = strip.back().end + rows;
        const bool last = wanted >= layers.back().height;
        for (size_t i = layers.size(); i-- > 0;) {
            const RowUse &layer = layers[i];
            const int units = (wanted + layer.unit - 1) / layer.unit;
            const int end = last ? layer.height : std::min(layer.height, units * layer.unit);
            strip[i] = {strip[i].end, std::max(strip[i].end, end)};
            wanted = layer.input(strip[i]).end;
        }
        strips.push_back(strip);
    }
    return strips;
}

// A strip is large beside the filters, and has rows enough that threads seldom wait for each other at its end: 4 MB of
// width 64, 8 rows, took 5 to 20 % longer than whole layers with 2 and 8 threads on a Xeon. Layers that write less than
// eight strips find most of the cache as it is: two Zen 3 cores, level 0 of width 32 (105 MB) 2 to 12 % less time in
// strips, level 2 (23 MB) a tenth more (2026-11-26).
int strip_rows(const StripWork &work, size_t strip_bytes) {
    constexpr int unit = 4;  // rows of the Winograd tiles of most layers
    const size_t row = work.written / size_t(std::max(1, work.height)) + 1;
    const size_t wanted = std::max(strip_bytes, 2 * work.filter_bytes) / row / unit * unit;
    const size_t least =
        size_t(3 * unit) * size_t(work.threads) * size_t(work.height) / size_t(std::max(1, work.tallest));
    size_t rows = std::max({wanted, least / unit * unit, size_t(unit)});
    // As many rows of tiles for each thread: tasks of filter gradients.
    const size_t all_threads = size_t(unit) * size_t(work.threads);
    if (work.height == work.tallest && rows > all_threads) rows = rows / all_threads * all_threads;
    return 8 * rows <= size_t(work.height) ? int(rows) : work.height;
}

}  // namespace unet
