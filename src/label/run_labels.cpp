#include "src/label/run_labels.h"
#include "src/base/error.h"
#include <limits>

namespace unet {

namespace {

constexpr uint32_t none = std::numeric_limits<uint32_t>::max();

template<class Row>
void save_rows(StateWriter &file, const std::vector<Row> &rows) {
    file.add(uint64_t(rows.size()));
    for (const Row &row : rows) {
        file.add(row.runs);
        file.add(row.labels);
    }
}

template<class Row>
void load_rows(StateReader &file, std::vector<Row> &rows) {
    rows.resize(file.count(2 * sizeof(uint64_t)));
    for (Row &row : rows) {
        file.read(row.runs);
        file.read(row.labels);
    }
}

}  // namespace

void RunLabels::begin_page() {
    last_ = {};
    before_ = std::move(now_);
    now_.clear();
}

// Both rows from left to right.
void RunLabels::meet_row(const Row &other, Row &row, const std::function<void(uint32_t, uint32_t)> &meet) const {
    const int reach = neighbourhood_.corners;
    size_t first = 0;
    for (size_t i = 0; i < row.runs.size(); i++) {
        const Run run{row.runs[i].begin - reach, row.runs[i].end + reach};
        while (first < other.runs.size() && other.runs[first].end <= run.begin) first++;
        for (size_t k = first; k < other.runs.size() && other.runs[k].begin < run.end; k++) {
            if (row.labels[i] == none) row.labels[i] = other.labels[k];
            else if (meet && row.labels[i] != other.labels[k]) meet(row.labels[i], other.labels[k]);
        }
    }
}

const std::vector<uint32_t> &RunLabels::add(RowPlace at, const Runs &runs,
                                            const std::function<void(uint32_t, uint32_t)> &meet) {
    if (at.page != page_) begin_page();
    page_ = at.page;
    Row row{runs, std::vector<uint32_t>(runs.size(), none)};
    if (neighbourhood_.pages) {
        const int reach = neighbourhood_.corners;
        for (int y = at.y - reach; y <= at.y + reach; y++)
            if (y >= 0 && size_t(y) < before_.size()) meet_row(before_[size_t(y)], row, meet);
        if (!now_.empty()) meet_row(now_.back(), row, meet);
    } else meet_row(last_, row, meet);
    for (uint32_t &label : row.labels) {
        if (label != none) continue;
        if (count_ == none) throw Error(Exit::data, "there are more pieces than 32 bits can number; raise --threshold");
        label = count_++;
    }
    if (!neighbourhood_.pages) {
        last_ = std::move(row);
        return last_.labels;
    }
    now_.push_back(std::move(row));
    return now_.back().labels;
}

void RunLabels::save(StateWriter &file) const {
    file.add(page_);
    file.add(count_);
    save_rows(file, std::vector<Row>{last_});
    save_rows(file, before_);
    save_rows(file, now_);
}

void RunLabels::load(StateReader &file) {
    file.read(page_);
    file.read(count_);
    std::vector<Row> last;
    load_rows(file, last);
    if (!last.empty()) last_ = std::move(last.front());
    load_rows(file, before_);
    load_rows(file, now_);
}

}  // namespace unet
