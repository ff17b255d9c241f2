#include "src/score/partition_scores.h"
#include <cmath>
#include <map>

namespace unet {

namespace {

/// Sums over the regions of a partition, in pixels.
struct RegionSums {
    double squares = 0, entropy = 0;  // of n^2, of n log2 n

    void add(double pixels, double regions = 1) {
        squares += regions * pixels * pixels;
        entropy += regions * pixels * std::log2(pixels);
    }
};

}  // namespace

std::optional<PartitionScores> partition_scores(const std::vector<Overlap> &overlaps) {
    std::map<uint32_t, double> truth, segmentation;  // in order, so that sums do not hang on a hash
    RegionSums both, by_truth, by_segmentation;
    double total = 0, single = 0;
    for (const Overlap &overlap : overlaps) {
        if (overlap.truth == 0) continue;
        const double pixels = double(overlap.pixels);
        total += pixels;
        truth[overlap.truth] += pixels;
        if (overlap.segmentation == 0) {
            single += pixels;
            continue;
        }
        segmentation[overlap.segmentation] += pixels;
        both.add(pixels);
    }
    if (total == 0) return {};
    both.add(1, single);
    by_segmentation.add(1, single);
    for (const auto &[id, pixels] : truth) by_truth.add(pixels);
    for (const auto &[id, pixels] : segmentation) by_segmentation.add(pixels);

    // H = log2 N - (sum n log2 n) / N
    const auto entropy = [&](const RegionSums &sums) { return std::log2(total) - sums.entropy / total; };
    const double of_truth = entropy(by_truth), of_segmentation = entropy(by_segmentation), joint = entropy(both);
    const double both_entropies = of_truth + of_segmentation;
    return PartitionScores{
        .v_rand = 2 * both.squares / (by_truth.squares + by_segmentation.squares),
        .v_info = both_entropies > 0 ? 2 * (both_entropies - joint) / both_entropies : 1,
        .voi_split = joint - of_truth,
        .voi_merge = joint - of_segmentation,
    };
}

}  // namespace unet
