// Connected pieces of a stack, row by row.
#pragma once
#include "src/label/object_table.h"
#include "src/label/run_labels.h"

namespace unet {

/// Pieces that one scan of all rows finds, and later ones know again.
class StreamedPieces {
public:
    /// `folder`: for temporary files.
    StreamedPieces(Neighbourhood neighbourhood, const std::filesystem::path &folder)
        : neighbourhood_(neighbourhood), labels_(neighbourhood), table_(folder) {}

    /// The next row of the scan that finds them. `marks` says which runs mark their piece. Returns the labels of the
    /// runs, until the next call.
    const std::vector<uint32_t> &find(RowPlace at, const Runs &runs, const std::function<bool(const Run &)> &marks);
    /// Another scan begins.
    void rewind() { labels_ = RunLabels(neighbourhood_); }
    /// The next row of a later scan: the roots of the runs in the table, until the next call.
    const std::vector<uint32_t> &recognise(RowPlace at, const Runs &runs);
    ObjectTable &table() { return table_; }
    const ObjectTable &table() const { return table_; }

    void save(StateWriter &file) const;
    void load(StateReader &file);

private:
    Neighbourhood neighbourhood_;
    RunLabels labels_;
    ObjectTable table_;
    std::vector<uint32_t> roots_;                          // of the row that was recognised last
    std::vector<std::pair<uint32_t, uint32_t>> meetings_;  // of the row that was found last
};

}  // namespace unet
