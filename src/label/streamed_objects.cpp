#include "src/label/streamed_objects.h"

namespace unet {

namespace {

bool at_edge(RowPlace at, const Run &run, Size page, int pages, bool through_pages) {
    return at.y == 0 || at.y == page.height - 1 || run.begin == 0 || run.end == page.width ||
           (through_pages && (at.page == 0 || at.page == pages - 1));
}

/// Whether a pixel of the run is `rim` pixels or more from every edge of the page.
bool is_inside(RowPlace at, const Run &run, Size page, int rim) {
    return at.y >= rim && at.y < page.height - rim && run.end > rim && run.begin < page.width - rim;
}

/// Puts the labels of all rows into the table; `marks` says which runs mark their object.
void scan(const RowSource &rows, Neighbourhood neighbourhood, ObjectTable &table,
          const std::function<bool(RowPlace, const Run &)> &marks) {
    RunLabels labels(neighbourhood);
    rows([&](RowPlace at, const Runs &row) {
        std::vector<std::pair<uint32_t, uint32_t>> meetings;
        const std::vector<uint32_t> &of_row =
            labels.add(at, row, [&](uint32_t a, uint32_t b) { meetings.emplace_back(a, b); });
        for (size_t i = 0; i < row.size(); i++) table.add(of_row[i], at, row[i], marks(at, row[i]));
        for (const auto &[a, b] : meetings) table.join(a, b);
    });
}

/// Runs and those gaps that are holes, without the borders between them.
Runs joined(const Runs &row, const Runs &gaps, const std::vector<bool> &is_hole) {
    Runs filled;
    const auto add = [&](const Run &run) {
        if (!filled.empty() && filled.back().end == run.begin) filled.back().end = run.end;
        else filled.push_back(run);
    };
    size_t next = 0;
    for (size_t gap = 0; gap <= gaps.size(); gap++) {
        for (; next < row.size() && (gap == gaps.size() || row[next].begin < gaps[gap].begin); next++) add(row[next]);
        if (gap < gaps.size() && is_hole[gap]) add(gaps[gap]);
    }
    return filled;
}

}  // namespace

RowSource filled_rows(const RowSource &rows, Size page, int pages, bool through_pages,
                      const std::filesystem::path &folder) {
    const RowSource gaps = [rows, page](const RowTaker &take) {
        rows([&](RowPlace at, const Runs &row) { take(at, gaps_of(row, page.width)); });
    };
    const Neighbourhood neighbourhood{true, through_pages};
    const auto outside = std::make_shared<ObjectTable>(folder);
    scan(gaps, neighbourhood, *outside,
         [&](RowPlace at, const Run &run) { return at_edge(at, run, page, pages, through_pages); });
    return [rows, page, neighbourhood, outside](const RowTaker &take) {
        RunLabels labels(neighbourhood);
        rows([&](RowPlace at, const Runs &row) {
            const Runs of_row = gaps_of(row, page.width);
            std::vector<bool> is_hole;
            for (const uint32_t label : labels.add(at, of_row)) is_hole.push_back(!outside->marked(label));
            take(at, joined(row, of_row, is_hole));
        });
    };
}

StreamedObjects::StreamedObjects(const RowSource &rows, Size page, int pages, const ObjectOptions &options,
                                 const std::filesystem::path &folder)
    : rows_(options.fill_holes ? filled_rows(rows, page, pages, options.through_pages, folder) : rows),
      neighbourhood_{false, options.through_pages}, table_(folder) {
    const int rim = options.field_of_interest;
    scan(rows_, neighbourhood_, table_, [&](RowPlace at, const Run &run) { return is_inside(at, run, page, rim); });
    count_ = table_.number(
        [&](const ObjectShape &shape, bool inside) { return inside && shape.pixels >= options.smallest; });
}

void StreamedObjects::number_rows(
    const std::function<void(RowPlace, const Runs &, const std::vector<uint32_t> &)> &take) {
    RunLabels labels(neighbourhood_);
    std::vector<uint32_t> numbers;
    rows_([&](RowPlace at, const Runs &row) {
        numbers.clear();
        for (const uint32_t label : labels.add(at, row)) numbers.push_back(table_.number_of(label));
        take(at, row, numbers);
    });
}

}  // namespace unet
