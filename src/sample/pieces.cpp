#include "src/sample/pieces.h"
#include <algorithm>
#include <utility>

namespace unet {

namespace {

/// Pixels of equal value side by side in a row.
struct Run {
    int first, last;
    uint32_t value;
};

/// Trees of runs, by their numbers: the root is the first run of a piece.
class RunForest {
public:
    void add() { parents_.push_back(uint32_t(parents_.size())); }
    size_t size() const { return parents_.size(); }
    uint32_t root(uint32_t run) {
        while (parents_[run] != run) run = parents_[run] = parents_[parents_[run]];
        return run;
    }
    void unite(uint32_t a, uint32_t b) {
        a = root(a), b = root(b);
        parents_[std::max(a, b)] = std::min(a, b);
    }

private:
    std::vector<uint32_t> parents_;
};

std::vector<Run> runs_of(const uint32_t *row, int width) {
    std::vector<Run> runs;
    for (int x = 0; x < width;) {
        const int first = x;
        while (x < width && row[x] == row[first]) x++;
        runs.push_back({first, x - 1, row[first]});
    }
    return runs;
}

/// Unites the runs of a row, the first of which is number `first`, with those of the row above that they touch.
void join(RunForest &forest, const std::vector<Run> &above, const std::vector<Run> &here, size_t first, int reach) {
    size_t i = 0;
    for (size_t h = 0; h < here.size(); h++) {
        while (i < above.size() && above[i].last < here[h].first - reach) i++;
        for (size_t j = i; j < above.size() && above[j].first <= here[h].last + reach; j++)
            if (above[j].value == here[h].value) forest.unite(uint32_t(first - above.size() + j), uint32_t(first + h));
    }
}

RunForest forest_of(const Ids &values, int reach) {
    RunForest forest;
    std::vector<Run> above;
    for (int y = 0; y < values.height; y++) {
        std::vector<Run> here = runs_of(values.row(y), values.width);
        const size_t first = forest.size();
        for (size_t h = 0; h < here.size(); h++) forest.add();
        join(forest, above, here, first, reach);
        above = std::move(here);
    }
    return forest;
}

}  // namespace

Pieces find_pieces(const Ids &values, Touching touching) {
    RunForest forest = forest_of(values, touching == Touching::by_side ? 0 : 1);
    Pieces pieces{Ids(1, values.width, values.height), {}};
    std::vector<uint32_t> piece_of(forest.size());  // of each run
    uint32_t number = 0;
    for (int y = 0; y < values.height; y++)
        for (const Run &run : runs_of(values.row(y), values.width)) {
            const uint32_t root = forest.root(number);
            if (root == number) pieces.all.push_back({run.value, 0});
            const uint32_t piece = root == number ? uint32_t(pieces.all.size() - 1) : piece_of[root];
            piece_of[number++] = piece;
            pieces.all[piece].pixels += uint64_t(run.last - run.first + 1);
            std::fill_n(pieces.index.row(y) + run.first, run.last - run.first + 1, piece);
        }
    return pieces;
}

Ids connected_components(const Ids &values, Touching touching) {
    Pieces pieces = find_pieces(values, touching);
    std::vector<uint32_t> number_of;
    uint32_t count = 0;
    for (const Pieces::Piece &piece : pieces.all) number_of.push_back(piece.value == 0 ? 0 : ++count);
    for (uint32_t &pixel : pieces.index.values) pixel = number_of[pixel];
    return std::move(pieces.index);
}

}  // namespace unet
