// Tiles as the network sees them: as they are, or turned and mirrored, too (test-time augmentation).
#pragma once
#include "src/tile/frame.h"
#include "src/tile/tile_plan.h"
#include <vector>

namespace unet {

/// Each frame has a grid of its own, anchored at the first pixel of the page as it is seen there; so what a tile gives
/// does not depend on where it begins or ends.
class Views {
public:
    Views(std::vector<Frame> frames, Size page, TileGeometry geometry)
        : frames_(std::move(frames)), page_(page), geometry_(geometry) {}

    bool one() const { return frames_.size() == 1; }  ///< the page as it is
    const std::vector<Frame> &frames() const { return frames_; }

    /// The network's window, in the frame, that decides `part` of the page.
    Rect window(const Frame &frame, Rect part) const;
    /// What all windows of `part` read of the page; may reach outside.
    Rect read(Rect part) const;
    /// Of `pixels`, which show `read` of the page, what `window` of `frame` shows.
    Pixels seen(const Frame &frame, Rect window, const Pixels &pixels, Rect read) const;
    /// `part` of the page, of the network's answer to `window` of `frame`.
    Pixels answer(const Frame &frame, Rect window, const Pixels &probabilities, Rect part) const;

    /// No window is larger on pages of this size, where tiles decide up to `span` pixels a side.
    static Size largest_window(const TileGeometry &geometry, Size page, int span);

private:
    std::vector<Frame> frames_;
    Size page_;
    TileGeometry geometry_;
};

/// The eight of d4, or the page as it is.
std::vector<Frame> frames_of(bool d4);

}  // namespace unet
