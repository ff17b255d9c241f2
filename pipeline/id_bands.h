// Rows of ids to the bands of a file.
#pragma once
#include "src/label/runs.h"
#include "src/stack/stack_writer.h"
#include <functional>

namespace unet {

/// Collects rows, page by page from top to bottom, `from` the first one of the first band on, and hands on each band
/// that is complete. Ids that are not set are 0; they become u16 or u32, as the shape has it.
class IdBands {
public:
    IdBands(const StackShape &shape, RowPlace from, std::function<void(Band)> sink);

    /// In the row that is open.
    void set(RowPlace at, const Run &run, uint32_t id);
    void end_row(RowPlace at);

private:
    void begin_band(RowPlace at);

    StackShape shape_;
    std::function<void(Band)> sink_;
    Band band_;
};

}  // namespace unet
