// Objects of stacks of any size, row by row.
#pragma once
#include "src/base/rect.h"
#include "src/label/object_table.h"
#include "src/label/run_labels.h"
#include <memory>

namespace unet {

/// What counts as an object.
struct ObjectOptions {
    bool through_pages = false;  ///< pixels that meet those of the next page belong together
    bool fill_holes = false;     ///< what an object encloses becomes a part of it
    uint64_t smallest = 1;       ///< pixels; smaller objects are left out
    int field_of_interest = 0;   ///< pixels; objects wholly nearer to a page's edge are left out
};

/// Connected pieces of a stack's pixels that meet by a side, numbered in the order of their first pixels: page by page,
/// row by row. The rows are read twice, with `fill_holes` three times; what is kept are the runs of one row, or of one
/// page where objects go through pages, and some 72 to 144 bytes for each piece, on the disk. Numbers depend on the
/// pixels only.
class StreamedObjects {
public:
    /// `folder`: for temporary files. Throws what DiskMemory, RunLabels and the rows throw.
    StreamedObjects(const RowSource &rows, Size page, int pages, const ObjectOptions &options,
                    const std::filesystem::path &folder);

    uint32_t count() const { return count_; }
    /// The rows again, each run with the number of its object; runs of objects that are left out have 0.
    void number_rows(const std::function<void(RowPlace, const Runs &, const std::vector<uint32_t> &numbers)> &take);
    void list(const std::function<void(uint32_t number, const ObjectShape &)> &take) const { table_.list(take); }

private:
    RowSource rows_;
    Neighbourhood neighbourhood_;
    ObjectTable table_;
    uint32_t count_ = 0;
};

/// The same rows with holes filled: gaps that are connected, by a corner too, to no edge of their page
/// (`through_pages`: of the stack). Reads the rows once.
RowSource filled_rows(const RowSource &rows, Size page, int pages, bool through_pages,
                      const std::filesystem::path &folder);

}  // namespace unet
