#include "src/sample/weight_map.h"
#include "src/base/error.h"
#include "src/sample/nearest_ids.h"
#include <algorithm>
#include <cmath>

namespace unet {

namespace {

constexpr double background_share = 0.1, background_sigma = 10;  // of the form freiburg
constexpr double sigmas_in_reach = 4;

double bell(double distance, double sigma) { return std::exp(-distance * distance / (2 * sigma * sigma)); }

}  // namespace

double WeightOptions::border_weight() const { return border.value_or(form == WeightForm::freiburg ? 50 : 10); }
double WeightOptions::border_sigma() const { return sigma.value_or(form == WeightForm::freiburg ? 6 : 5); }

int WeightOptions::reach() const {
    if (form == WeightForm::none) return 0;
    const double widest = form == WeightForm::freiburg ? std::max(border_sigma(), background_sigma) : border_sigma();
    return int(std::ceil(sigmas_in_reach * widest));
}

Pixels weight_map(const Classes &labels, const Ids &cells, const std::vector<double> &class_weights,
                  const WeightOptions &options) {
    const int reach = options.reach();
    if (cells.width != labels.width + 2 * reach || cells.height != labels.height + 2 * reach)
        throw Error(Exit::internal, "weight map: the window of cells does not fit that of labels");
    const bool none = options.form == WeightForm::none, freiburg = options.form == WeightForm::freiburg;
    const NearestIds distances = none ? NearestIds() : nearest_ids(cells);
    const double border = options.border_weight(), sigma = options.border_sigma();

    Pixels weights(1, labels.width, labels.height);
    for (int y = 0; y < labels.height; y++)
        for (int x = 0; x < labels.width; x++) {
            const uint8_t c = labels(x, y);
            if (c == ignored) continue;
            double weight = freiburg ? 1 : class_weights.at(c);
            if (!none && !(freiburg && c != 0)) {
                const double d1 = distances.first(x + reach, y + reach), d2 = distances.second(x + reach, y + reach);
                if (freiburg)
                    weight = background_share + (d1 <= reach ? (1 - background_share) * bell(d1, background_sigma) : 0);
                if (d2 <= reach) weight += border * bell(d1 + d2, sigma);
            }
            weights(x, y) = float(weight);
        }
    return weights;
}

}  // namespace unet
