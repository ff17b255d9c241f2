#include "pipeline/nearest_name.h"
#include <algorithm>

namespace unet {

namespace {

// Edit distance with swaps of neighbours (Damerau 1964, restricted), row by row.
size_t distance(const std::string &a, const std::string &b) {
    std::vector<std::vector<size_t>> cost(a.size() + 1, std::vector<size_t>(b.size() + 1));
    for (size_t i = 0; i <= a.size(); i++)
        for (size_t j = 0; j <= b.size(); j++) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            const size_t exchange = cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            cost[i][j] = std::min({exchange, cost[i - 1][j] + 1, cost[i][j - 1] + 1});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    return cost[a.size()][b.size()];
}

}  // namespace

std::string nearest_name(const std::string &wrong, const std::vector<std::string> &names) {
    size_t least = std::max<size_t>(2, wrong.size() / 3) + 1;
    std::string nearest;
    for (const std::string &name : names)
        if (const size_t steps = distance(wrong, name); steps < least && steps < name.size()) {
            least = steps;
            nearest = name;
        }
    return nearest;
}

}  // namespace unet
