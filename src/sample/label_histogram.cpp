#include "src/sample/label_histogram.h"
#include "src/sample/pieces.h"
#include <algorithm>

namespace unet {

ValueCount &LabelHistogram::count(uint32_t value) {
    const auto known = counts_.find(value);
    if (known != counts_.end()) return known->second;
    return counts_.size() < most_values ? counts_[value] : rest_;
}

void LabelHistogram::add(const Ids &window, const uint32_t *ignore) {
    std::unordered_map<uint32_t, ValueCount> of_window;
    for (const Pieces::Piece &piece : find_pieces(window, Touching::by_side_or_corner).all) {
        if (ignore && piece.value == *ignore) continue;
        ValueCount &value = of_window[piece.value];
        value.pixels += piece.pixels;
        value.pieces++;
    }
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
