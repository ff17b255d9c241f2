#include "pipeline/slice_numbering.h"
#include "pipeline/probability.h"
#include <algorithm>

namespace unet {

namespace {

uint32_t count_of(const Ids &objects) { return *std::max_element(objects.values.begin(), objects.values.end()); }

}  // namespace

SliceNumbering::SliceNumbering(const LazyStack &stack, int foreground, const InstanceOptions &options, bool listed,
                               const std::filesystem::path &folder)
    : stack_(stack), foreground_(foreground), options_(options) {
    if (listed) table_.emplace(folder);
}

Ids SliceNumbering::objects_of(int page) const {
    return instances(probability_of(stack_, page, foreground_), options_);
}

void SliceNumbering::scan(RowPlace from, const BandDone &band_done) {
    for (int page = from.page; page < stack_.shape().pages; page++) {
        count_ += count_of(objects_of(page));
        band_done({page + 1, 0});
    }
}

void SliceNumbering::number_row(const Ids &objects, RowPlace at, const RowTaker &take) {
    std::vector<NumberedRun> row;
    for (int x = 0; x < objects.width;) {
        const uint32_t id = objects(x, at.y);
        const int begin = x;
        while (x < objects.width && objects(x, at.y) == id) x++;
        if (!id) continue;
        row.push_back({{begin, x}, before_ + id});
        if (table_) table_->add(before_ + id - 1, at, {begin, x}, true);
    }
    take(at, row);
}

void SliceNumbering::number(RowPlace from, const RowTaker &take, const BandDone &band_done) {
    for (int page = from.page; page < stack_.shape().pages; page++) {
        const Ids objects = objects_of(page);
        for (int y = 0; y < objects.height; y++) number_row(objects, {page, y}, take);
        before_ += count_of(objects);
        band_done({page + 1, 0});
    }
}

void SliceNumbering::list(const std::function<void(uint32_t, const ObjectShape &)> &take) {
    if (!table_) return;
    table_->number([](const ObjectShape &, bool) { return true; });
    table_->list(take);
}

void SliceNumbering::save(StateWriter &file) const {
    file.add(counted_);
    file.add(count_);
    file.add(before_);
    if (table_) table_->save(file);
}

void SliceNumbering::load(StateReader &file) {
    file.read(counted_);
    file.read(count_);
    file.read(before_);
    if (table_) table_->load(file);
}

}  // namespace unet
