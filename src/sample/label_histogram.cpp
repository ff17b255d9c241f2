#include "src/sample/label_histogram.h"
#include <algorithm>

namespace unet {

namespace {

// Counts the 8-connected pieces of equal value of a window row by row, as runs of pixels joined in a forest.
class Pieces {
public:
    explicit Pieces(const Ids &window) {
        std::vector<Run> above, here;
        for (int y = 0; y < window.height; y++) {
            here.clear();
            find_runs(window.row(y), window.width, here);
            join(above, here);
            std::swap(above, here);
        }
    }

    struct Piece {
        uint32_t value;
        uint64_t pixels;
    };

    // Calls visit(piece) once per piece.
    template<class Visit>
    void for_each(Visit visit) const {
        for (size_t i = 0; i < parents_.size(); i++)
            if (parents_[i] == i) visit(pieces_[i]);
    }

private:
    struct Run {
        int first, last;
        uint32_t value;
        uint32_t piece;
    };

    void find_runs(const uint32_t *row, int width, std::vector<Run> &runs) {
        for (int x = 0; x < width;) {
            const int first = x;
            while (x < width && row[x] == row[first]) x++;
            runs.push_back({first, x - 1, row[first], uint32_t(parents_.size())});
            parents_.push_back(uint32_t(parents_.size()));
            pieces_.push_back({row[first], uint64_t(x - first)});
        }
    }

    // Runs of neighbouring rows that touch by side or corner, from left to right.
    void join(const std::vector<Run> &above, const std::vector<Run> &here) {
        size_t i = 0;
        for (const Run &run : here) {
            while (i < above.size() && above[i].last < run.first - 1) i++;
            for (size_t j = i; j < above.size() && above[j].first <= run.last + 1; j++)
                if (above[j].value == run.value) unite(above[j].piece, run.piece);
        }
    }

    uint32_t root(uint32_t i) {
        while (parents_[i] != i) i = parents_[i] = parents_[parents_[i]];
        return i;
    }

    void unite(uint32_t a, uint32_t b) {
        a = root(a);
        b = root(b);
        if (a == b) return;
        if (a > b) std::swap(a, b);
        parents_[b] = a;
        pieces_[a].pixels += pieces_[b].pixels;
    }

    std::vector<uint32_t> parents_;
    std::vector<Piece> pieces_;  // right at roots
};

}  // namespace

ValueCount &LabelHistogram::count(uint32_t value) {
    const auto known = counts_.find(value);
    if (known != counts_.end()) return known->second;
    return counts_.size() < most_values ? counts_[value] : rest_;
}

void LabelHistogram::add(const Ids &window, const uint32_t *ignore) {
    std::unordered_map<uint32_t, ValueCount> of_window;
    Pieces(window).for_each([&](const auto &piece) {
        if (ignore && piece.value == *ignore) return;
        ValueCount &value = of_window[piece.value];
        value.pixels += piece.pixels;
        value.pieces++;
    });
    std::vector<uint32_t> order;  // ascending, so that which values share `rest_` does not hang on a hash
    for (const auto &[value, found] : of_window) order.push_back(value);
    std::sort(order.begin(), order.end());
    for (const uint32_t value : order) {
        const ValueCount &found = of_window[value];
        ValueCount &sum = count(value);
        sum.pixels += found.pixels;
        sum.pieces += found.pieces;
        sum.windows++;
        sum.whole += found.pieces == 1;
    }
    windows_++;
}

std::vector<uint32_t> LabelHistogram::values() const {
    std::vector<uint32_t> values;
    for (const auto &[value, found] : counts_) values.push_back(value);
    std::sort(values.begin(), values.end());
    return values;
}

}  // namespace unet
