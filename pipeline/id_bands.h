// Rows of ids to the bands of a file.
#pragma once
#include "src/label/runs.h"
#include "src/stack/stack_writer.h"
#include <functional>

namespace unet {

/// Collects rows, page by page from top to bottom, and hands on each band that is complete. Ids that are not set are 0;
/// they become u16 or u32, as the shape has it.
class IdBands {
public:
    IdBands(const StackShape &shape, std::function<void(const Band &)> sink);

    /// In the row that is open.
    void set(RowPlace at, const Run &run, uint32_t id);
    void end_row(RowPlace at);
    /// A whole page; ids other than 0 become `before` + id.
    void add_page(int page, const Ids &ids, uint32_t before);

private:
    void begin_band(RowPlace at);

    StackShape shape_;
    std::function<void(const Band &)> sink_;
    Band band_;
};

}  // namespace unet
