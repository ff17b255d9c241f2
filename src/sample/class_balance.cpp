#include "src/sample/class_balance.h"
#include <numeric>

namespace unet {

std::vector<double> class_weights(const LabelSurvey &survey) {
    const auto &pixels = survey.class_pixels;
    const double total = double(std::accumulate(pixels.begin(), pixels.end(), uint64_t(0)));
    std::vector<double> weights;
    for (const uint64_t of_class : pixels)
        weights.push_back(of_class ? total / (double(pixels.size()) * double(of_class)) : 0);
    return weights;
}

}  // namespace unet
