// What training makes smaller, and its gradient.
#pragma once
#include "src/base/array.h"
#include "src/net/tensor.h"

namespace unet {

enum class LossForm { cross_entropy, focal, dice, cross_entropy_and_dice };

struct LossOptions {
    LossForm form = LossForm::cross_entropy;
    double focus = 2;  ///< of focal: 0 is cross-entropy, larger looks away sooner from pixels that are right
};

/// Loss of one sample by the softmax of `scores` [classes, W, H]; overwrites `d_scores` with the gradient. w: the
/// weights, 0 where labels are `ignored`; a sample without any pixel that counts has loss and gradient 0.
///
///   cross_entropy            sum w (-log p(label)) / sum w; Ronneberger et al. 2015, equation 1
///   focal                    sum w (1 - p(label))^focus (-log p(label)) / sum w; Lin et al. 2017, equation 4
///   dice                     1 - mean over classes of (2 sum w p t + 1) / (sum w (p + t) + 1), t 1 on the class's own
///                            pixels; Milletari et al. 2016. A class that is neither there nor predicted loses nothing.
///   cross_entropy_and_dice   their sum
///
/// labels, weights [1, W, H]. NaN is passed on.
double loss_and_gradient(const LossOptions &options, const Classes &labels, const Pixels &weights, int classes,
                         const Tensor &scores, Tensor &d_scores);

}  // namespace unet
