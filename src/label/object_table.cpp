#include "src/label/object_table.h"
#include <algorithm>
#include <utility>

namespace unet {

void ObjectShape::add(RowPlace at, const Run &run) {
    const uint64_t length = uint64_t(run.end - run.begin);
    ObjectShape of_run;
    of_run.pixels = length;
    of_run.runs = 1;
    of_run.sum_x = (uint64_t(run.begin) + uint64_t(run.end) - 1) * length / 2;
    of_run.sum_y = uint64_t(at.y) * length;
    of_run.sum_page = uint64_t(at.page) * length;
    of_run.x = run.begin, of_run.y = at.y, of_run.page = at.page;
    of_run.x_end = run.end, of_run.y_end = at.y + 1, of_run.page_end = at.page + 1;
    add(of_run);
}

void ObjectShape::add(const ObjectShape &other) {
    if (pixels == 0) {
        *this = other;
        return;
    }
    pixels += other.pixels;
    runs += other.runs;
    sum_x += other.sum_x, sum_y += other.sum_y, sum_page += other.sum_page;
    x = std::min(x, other.x), y = std::min(y, other.y), page = std::min(page, other.page);
    x_end = std::max(x_end, other.x_end), y_end = std::max(y_end, other.y_end);
    page_end = std::max(page_end, other.page_end);
}

uint32_t ObjectTable::root(uint32_t label) {
    while (records_[label].parent != label) label = records_[label].parent = records_[records_[label].parent].parent;
    return label;
}

void ObjectTable::add(uint32_t label, RowPlace at, const Run &run, bool marked) {
    if (label == records_.size()) records_.push_back({label, 0, false, {}});
    Record &record = records_[root(label)];
    record.shape.add(at, run);
    record.marked |= marked;
}

// The smaller label is the older one: the root of an object is the label of its first pixel.
void ObjectTable::join(uint32_t a, uint32_t b) {
    a = root(a), b = root(b);
    if (a == b) return;
    Record &into = records_[std::min(a, b)], &from = records_[std::max(a, b)];
    into.shape.add(from.shape);
    into.marked |= from.marked;
    from.parent = std::min(a, b);
}

void ObjectTable::prepare(uint32_t labels) {
    for (uint32_t label = 0; label < labels; label++) records_.push_back({label, 0, false, {}});
}

uint32_t ObjectTable::number(const std::function<bool(const ObjectShape &, bool)> &kept) {
    uint32_t count = 0;
    for (size_t i = 0; i < records_.size(); i++) {
        Record &record = records_[i];
        if (record.parent == i && kept(record.shape, record.marked)) record.number = ++count;
    }
    return count;
}

void ObjectTable::list(const std::function<void(uint32_t, const ObjectShape &)> &take) const {
    for (size_t i = 0; i < records_.size(); i++)
        if (records_[i].number) take(records_[i].number, records_[i].shape);
}

}  // namespace unet
