// How much each pixel counts in the loss.
#pragma once
#include "src/base/array.h"
#include <optional>
#include <vector>

namespace unet {

enum class WeightForm { paper, freiburg, none };

struct WeightOptions {
    WeightForm form = WeightForm::paper;
    std::optional<double> border = {};  ///< weight of a border that is infinitely thin; nothing: that of the form
    std::optional<double> sigma = {};   ///< how fast it falls with the width of the border, pixels; nothing: as above

    double border_weight() const;
    double border_sigma() const;
    /// Cells farther away than this, in pixels, do not count: a window needs so many pixels around it. At least 4
    /// sigma.
    int reach() const;
};

/// The weight of each pixel of `labels`, 0 where ignored. w_c is the weight of its class, d1 and d2 are the distances
/// to the nearest and second nearest cell; terms of cells beyond reach are 0.
///
///   none       w_c
///   paper      w_c + border exp(-(d1 + d2)^2 / 2 sigma^2); border 10, sigma 5
///   freiburg   1 on cells; else 0.1 + 0.9 exp(-d1^2 / 2 10^2) + border exp(-(d1 + d2)^2 / 2 sigma^2); border 50, sigma
///   6
///
/// Shapes   labels [1, W, H]; cells [1, W + 2 reach, H + 2 reach]: ids, 0 between them (`to_cells`)
/// Source   Ronneberger et al. 2015, equation 2; Falk et al. 2019, "U-Net: deep learning for cell counting, detection,
///          and morphometry", with the constants of its plugin
Pixels weight_map(const Classes &labels, const Ids &cells, const std::vector<double> &class_weights,
                  const WeightOptions &options);

}  // namespace unet
