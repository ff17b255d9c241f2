// How alike two partitions of an image are.
#pragma once
#include "src/score/overlaps.h"
#include <optional>

namespace unet {

/// Only pixels with a truth other than 0 count. Pixels of segmentation 0, lines between regions, are regions of one
/// pixel each. Logarithms are to base 2.
struct PartitionScores {
    double v_rand;  ///< 2 sum p_ij^2 / (sum s_j^2 + sum t_i^2): F-score of pairs of pixels in one region; arand is 1 -
                    ///< this
    double v_info;  ///< 2 I(S; T) / (H(S) + H(T)); 1 when both are one region
    double voi_split;  ///< H(segmentation | truth), bits
    double voi_merge;  ///< H(truth | segmentation), bits
};

/// Nothing when no pixel counts.
/// Source   Arganda-Carreras et al. 2015, "Crowdsourcing the creation of image segmentation algorithms for
///          connectomics"; Meila 2007 (variation of information)
std::optional<PartitionScores> partition_scores(const std::vector<Overlap> &overlaps);

}  // namespace unet
