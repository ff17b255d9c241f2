// Objects of stacks of any size, row by row.
#pragma once
#include "src/base/rect.h"
#include "src/label/hole_filler.h"
#include "src/label/streamed_watershed.h"
#include <optional>

namespace unet {

/// What counts as an object.
struct ObjectOptions {
    bool through_pages = false;           ///< pixels that meet those of the next page belong together
    bool fill_holes = false;              ///< what an object encloses becomes a part of it
    uint64_t smallest = 1;                ///< pixels; smaller objects are left out, and smaller seeds are none
    int field_of_interest = 0;            ///< pixels; objects wholly nearer to a page's edge are left out
    bool corners = false;                 ///< pixels that meet by a corner, too
    std::optional<double> seed = {};      ///< pieces are parted by a watershed from what is likelier
    std::function<void()> go_on = [] {};  ///< called in long work between rows; may throw
};

/// What a scan of all rows is for, in their order.
enum class Scan : uint8_t { holes, pieces, floods, numbers };

/// Connected pieces of a stack's pixels, or their parts by a watershed, numbered in the order of their first pixels:
/// page by page, row by row. All rows are given once for each scan; which ones are needed, `scan` tells. What is kept
/// are the runs of one row, or of one page where objects go through pages, and some 80 to 160 bytes for each piece, on
/// the disk; see StreamedWatershed. Numbers depend on the pixels only.
///
/// A watershed of a page is that of instances(), of a stack by the same rules.
class StreamedObjects {
public:
    /// `folder`: for temporary files. Functions throw what DiskMemory and RunLabels throw.
    StreamedObjects(Size page, int pages, const ObjectOptions &options, const std::filesystem::path &folder);

    /// The scan under way, from the first row on.
    Scan scan() const { return scan_; }
    int scans_left() const;  ///< with this one
    bool needs_likelihoods() const { return watershed_ && scan_ != Scan::holes && scan_ != Scan::numbers; }
    /// The next row, in all scans but the last.
    void add(const StackRow &row);
    /// All rows of the scan, not the last, were given.
    void end_scan();

    /// Of all objects; known in the last scan. It may be larger than what the numbers hold: then there must be none.
    uint64_t count() const { return count_; }
    /// The next row of the last scan, with holes filled: each run with the number of its object, or with 0 where that
    /// is left out. Until the next call.
    const std::vector<NumberedRun> &number(const StackRow &row);
    /// After the last scan.
    void list(const std::function<void(uint32_t number, const ObjectShape &)> &take);

    /// All that is known so far, between two rows; to be loaded into one with the same arguments.
    void save(StateWriter &file) const;
    void load(StateReader &file);

private:
    bool is_inside(RowPlace at, const Run &run) const;
    void add_filled(const StackRow &row);
    void number_filled(const StackRow &row);
    bool is_kept(ObjectTable &table, uint32_t label) const;
    void count_objects();
    void number_run(ObjectTable &table, uint32_t label, const Run &run, uint64_t kind);

    Size page_;
    ObjectOptions options_;
    Scan scan_;
    std::optional<HoleFiller> filler_;
    StreamedPieces pieces_;
    std::optional<StreamedWatershed> watershed_;
    uint64_t count_ = 0;
    DiskVector<uint64_t> order_;  // labels of objects by number, with their kind
    std::vector<NumberedRun> numbered_;
};

}  // namespace unet
