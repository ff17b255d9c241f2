#include "pipeline/foreground_rows.h"
#include "pipeline/probability.h"
#include "src/stack/tiff_layout.h"
#include <algorithm>
#include <tbb/parallel_for.h>

namespace unet {

namespace {

constexpr int column_width = 1024;  // 2 MB of floats in band_rows rows: memory that is used again

/// The rows of a column of a band, `left` its first.
std::vector<StackRow> rows_above(const Pixels &values, double threshold, bool with_likelihoods, int left) {
    std::vector<StackRow> rows(size_t(values.height));
    for (int y = 0; y < values.height; y++) {
        const float *row = values.row(y);
        const auto is_above = [&](int x) { return row[x] > threshold; };
        for (int x = 0; x < values.width;) {
            while (x < values.width && !is_above(x)) x++;
            const int begin = x;
            while (x < values.width && is_above(x)) x++;
            if (x == begin) continue;
            rows[size_t(y)].runs.push_back({left + begin, left + x});
            if (!with_likelihoods) continue;
            std::vector<float> &likelihoods = rows[size_t(y)].likelihoods;
            likelihoods.insert(likelihoods.end(), row + begin, row + x);
        }
    }
    return rows;
}

void append(StackRow &row, const StackRow &right) {
    auto next = right.runs.begin();
    if (next != right.runs.end() && !row.runs.empty() && row.runs.back().end == next->begin)
        row.runs.back().end = next++->end;
    row.runs.insert(row.runs.end(), next, right.runs.end());
    row.likelihoods.insert(row.likelihoods.end(), right.likelihoods.begin(), right.likelihoods.end());
}

void take_band(const Foreground &foreground, bool with_likelihoods, RowPlace from, int height,
               const std::function<void(const StackRow &row)> &take) {
    const int page_width = foreground.stack.shape().width, columns = (page_width - 1) / column_width + 1;
    std::vector<std::vector<StackRow>> parts(static_cast<size_t>(columns));
    tbb::parallel_for(0, columns, [&](int column) {
        const int left = column * column_width, width = std::min(column_width, page_width - left);
        const Pixels values =
            probability_of(foreground.stack, from.page, {left, from.y, width, height}, foreground.foreground);
        parts[size_t(column)] = rows_above(values, foreground.threshold, with_likelihoods, left);
    });
    for (int i = 0; i < height; i++) {
        StackRow row{{from.page, from.y + i}, {}, {}};
        for (const std::vector<StackRow> &part : parts) append(row, part[size_t(i)]);
        take(row);
    }
}

}  // namespace

void for_each_foreground_row(const Foreground &foreground, bool with_likelihoods, RowPlace from,
                             const std::function<void(const StackRow &row)> &take,
                             const std::function<void(RowPlace next)> &band_done) {
    const StackShape &shape = foreground.stack.shape();
    for (RowPlace at = from; at.page < shape.pages;) {
        const int height = std::min(band_rows, shape.height - at.y);
        take_band(foreground, with_likelihoods, at, height, take);
        at.y += height;
        if (at.y == shape.height) at = {at.page + 1, 0};
        band_done(at);
    }
}

}  // namespace unet
