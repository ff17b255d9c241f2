// What objects enclose.
#pragma once
#include "src/base/rect.h"
#include "src/label/streamed_pieces.h"

namespace unet {

/// Fills the gaps that are connected to no edge of their page (`through_pages`: of the stack). Gaps meet by corners
/// where objects meet by sides only, and by sides where objects meet by corners, too: so that a closed line closes.
class HoleFiller {
public:
    HoleFiller(Size page, int pages, Neighbourhood objects, const std::filesystem::path &folder)
        : page_(page), pages_(pages), through_pages_(objects.pages),
          gaps_({.corners = !objects.corners, .pages = objects.pages}, folder) {}

    /// The next row of the scan that finds the gaps.
    void find(const StackRow &row);
    /// Another scan begins.
    void rewind() { gaps_.rewind(); }
    /// The next row of a later scan, holes filled; their pixels have likelihood 0.
    StackRow fill(const StackRow &row);

    void save(StateWriter &file) const { gaps_.save(file); }
    void load(StateReader &file) { gaps_.load(file); }

private:
    bool at_edge(RowPlace at, const Run &run) const;

    Size page_;
    int pages_;
    bool through_pages_;
    StreamedPieces gaps_;
};

}  // namespace unet
