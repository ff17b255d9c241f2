#include "src/stack/slice_order.h"
#include "src/base/mirror.h"

namespace unet {

namespace {

/// Pages from one value of an axis to the next: of all axes inside it. 0 without that axis.
int stride_of(const std::vector<Axis> &axes, char letter) {
    int stride = 1;
    for (auto axis = axes.rbegin(); axis != axes.rend(); ++axis) {
        if (axis->letter == letter) return stride;
        stride *= int(axis->length);
    }
    return 0;
}

int length_of(const std::vector<Axis> &axes, char letter) {
    for (const Axis &axis : axes)
        if (axis.letter == letter) return int(axis.length);
    return 1;
}

}  // namespace

SliceOrder::SliceOrder(const std::vector<Axis> &axes, int pages) : channels_(length_of(axes, 'C')) {
    if (channels_ > 1) pages_inside_channel_ = stride_of(axes, 'C');
    slices_ = depth_ = pages / channels_;
    if (length_of(axes, 'T') < 2 || length_of(axes, 'Z') < 2) return;  // one depth, or one time after the other
    std::vector<Axis> of_slices;
    for (const Axis &axis : axes)
        if (axis.letter != 'C') of_slices.push_back(axis);
    depth_ = length_of(of_slices, 'Z');
    depth_stride_ = stride_of(of_slices, 'Z');
}

int SliceOrder::page(int slice, int channel) const {
    const int outside = slice / pages_inside_channel_, inside = slice % pages_inside_channel_;
    return (outside * channels_ + channel) * pages_inside_channel_ + inside;
}

int SliceOrder::neighbour(int slice, int distance) const {
    const int at = slice / depth_stride_ % depth_;
    return slice + (mirror(at + distance, depth_) - at) * depth_stride_;
}

}  // namespace unet
