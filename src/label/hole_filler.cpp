#include "src/label/hole_filler.h"

namespace unet {

namespace {

/// Puts runs side by side, without the borders between them.
class Joiner {
public:
    explicit Joiner(const StackRow &row) : from_(row), row_{row.at, {}, {}} {}

    void add_run(const Run &run) {
        add(run);
        if (from_.likelihoods.empty()) return;
        const auto begin = from_.likelihoods.begin() + std::ptrdiff_t(taken_);
        row_.likelihoods.insert(row_.likelihoods.end(), begin, begin + (run.end - run.begin));
        taken_ += size_t(run.end - run.begin);
    }
    void add_hole(const Run &run) {
        add(run);
        if (!from_.likelihoods.empty())
            row_.likelihoods.insert(row_.likelihoods.end(), size_t(run.end - run.begin), 0.0f);
    }
    StackRow take() { return std::move(row_); }

private:
    void add(const Run &run) {
        if (!row_.runs.empty() && row_.runs.back().end == run.begin) row_.runs.back().end = run.end;
        else row_.runs.push_back(run);
    }

    const StackRow &from_;
    StackRow row_;
    size_t taken_ = 0;  // of from_.likelihoods
};

}  // namespace

bool HoleFiller::at_edge(RowPlace at, const Run &run) const {
    return at.y == 0 || at.y == page_.height - 1 || run.begin == 0 || run.end == page_.width ||
           (through_pages_ && (at.page == 0 || at.page == pages_ - 1));
}

void HoleFiller::find(const StackRow &row) {
    gaps_.find(row.at, gaps_of(row.runs, page_.width), [&](const Run &run) { return at_edge(row.at, run); });
}

StackRow HoleFiller::fill(const StackRow &row) {
    const Runs gaps = gaps_of(row.runs, page_.width);
    const std::vector<uint32_t> &roots = gaps_.recognise(row.at, gaps);
    Joiner joiner(row);
    size_t next = 0;
    for (size_t gap = 0; gap <= gaps.size(); gap++) {
        for (; next < row.runs.size() && (gap == gaps.size() || row.runs[next].begin < gaps[gap].begin); next++)
            joiner.add_run(row.runs[next]);
        if (gap < gaps.size() && !gaps_.table().marked(roots[gap])) joiner.add_hole(gaps[gap]);
    }
    return joiner.take();
}

}  // namespace unet
