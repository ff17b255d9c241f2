#include "pipeline/streamed_numbering.h"

namespace unet {

StreamedNumbering::StreamedNumbering(const Foreground &foreground, const ObjectOptions &options,
                                     const std::filesystem::path &folder)
    : foreground_(foreground), objects_({foreground.stack.shape().width, foreground.stack.shape().height},
                                        foreground.stack.shape().pages, options, folder) {}

void StreamedNumbering::scan(RowPlace from, const BandDone &band_done) {
    for_each_foreground_row(
        foreground_, objects_.needs_likelihoods(), from, [this](const StackRow &row) { objects_.add(row); }, band_done);
}

void StreamedNumbering::number(RowPlace from, const RowTaker &take, const BandDone &band_done) {
    for_each_foreground_row(
        foreground_, false, from, [&](const StackRow &row) { take(row.at, objects_.number(row)); }, band_done);
}

}  // namespace unet
