#include "pipeline/foreground_rows.h"
#include "pipeline/probability.h"
#include "pipeline/stop.h"
#include "src/stack/tiff_layout.h"
#include <algorithm>
#include <tbb/parallel_for.h>

namespace unet {

namespace {

constexpr int column_width = 1024;  // 2 MB of floats in band_rows rows: memory that is used again

/// The runs of each row of `values` above the threshold, columns counted from `left`.
std::vector<Runs> runs_above(const Pixels &values, double threshold, int left) {
    std::vector<Runs> rows(size_t(values.height));
    for (int y = 0; y < values.height; y++) {
        const float *row = values.row(y);
        const auto is_above = [&](int x) { return row[x] > threshold; };
        for (int x = 0; x < values.width;) {
            while (x < values.width && !is_above(x)) x++;
            const int begin = x;
            while (x < values.width && is_above(x)) x++;
            if (x > begin) rows[size_t(y)].push_back({left + begin, left + x});
        }
    }
    return rows;
}

void append(Runs &row, const Runs &right) {
    auto next = right.begin();
    if (next != right.end() && !row.empty() && row.back().end == next->begin) row.back().end = next++->end;
    row.insert(row.end(), next, right.end());
}

}  // namespace

RowSource foreground_rows(const LazyStack &stack, int foreground, double threshold, std::function<void()> slice_done) {
    return [&stack, foreground, threshold, slice_done = std::move(slice_done)](const RowTaker &take) {
        const StackShape &shape = stack.shape();
        const int columns = (shape.width - 1) / column_width + 1;
        for (int page = 0; page < shape.pages; page++) {
            for (int y = 0; y < shape.height; y += band_rows) {
                throw_if_stopped();
                const int height = std::min(band_rows, shape.height - y);
                std::vector<std::vector<Runs>> parts(static_cast<size_t>(columns));
                tbb::parallel_for(0, columns, [&](int column) {
                    const int left = column * column_width, width = std::min(column_width, shape.width - left);
                    const Pixels values = probability_of(stack, page, {left, y, width, height}, foreground);
                    parts[size_t(column)] = runs_above(values, threshold, left);
                });
                for (int row = 0; row < height; row++) {
                    Runs runs;
                    for (const std::vector<Runs> &part : parts) append(runs, part[size_t(row)]);
                    take({page, y + row}, runs);
                }
            }
            slice_done();
        }
    };
}

}  // namespace unet
