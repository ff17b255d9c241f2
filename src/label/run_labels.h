// Labels of pieces that grow row by row.
#pragma once
#include "src/base/state_file.h"
#include "src/label/runs.h"
#include <cstdint>
#include <functional>

namespace unet {

/// Which pixels are neighbours: those that meet by a side, or by a corner too; of the next page as well, where pieces
/// go through pages.
struct Neighbourhood {
    bool corners = false, pages = false;
};

/// Gives runs labels, 0, 1, ...: one without a neighbour before it a new one, another that of its first neighbour. What
/// is kept are the runs of a row, or with Neighbourhood::pages those of a page. Two scans of the same rows give the
/// same.
///
/// Source   Rosenfeld, Pfaltz 1966, on runs
class RunLabels {
public:
    explicit RunLabels(Neighbourhood neighbourhood) : neighbourhood_(neighbourhood) {}

    /// Labels of the runs of the next row, until the next call. `meet` is called for the labels of neighbours. Throws
    /// Error(data) when labels do not fit into 32 bits.
    const std::vector<uint32_t> &add(RowPlace at, const Runs &row,
                                     const std::function<void(uint32_t, uint32_t)> &meet = {});
    uint32_t count() const { return count_; }

    void save(StateWriter &file) const;
    void load(StateReader &file);

private:
    struct Row {
        Runs runs;
        std::vector<uint32_t> labels;
    };
    void begin_page();
    void meet_row(const Row &other, Row &row, const std::function<void(uint32_t, uint32_t)> &meet) const;

    Neighbourhood neighbourhood_;
    int page_ = -1;
    uint32_t count_ = 0;
    Row last_;                       // the row above, where pieces end with a page
    std::vector<Row> before_, now_;  // of the page before, and of this one
};

}  // namespace unet
