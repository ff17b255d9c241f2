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
    const bool freiburg = options.form == WeightForm::freiburg;
    const double border = options.border_weight(), sigma = options.border_sigma();

    Pixels weights(1, labels.width, labels.height);
    const auto weigh_row = [&](int y, const auto &weight_of_border) {
        for (int x = 0; x < labels.width; x++) {
            const uint8_t c = labels(x, y);
            if (c == ignored) continue;
            weights(x, y) = float((freiburg ? 1 : class_weights.at(c)) + weight_of_border(x, c));
        }
    };
    if (options.form == WeightForm::none) {
        for (int y = 0; y < labels.height; y++) weigh_row(y, [](int, int) { return 0.0; });
        return weights;
    }
    nearest_ids_by_row(cells, reach, [&](int y, const float *first, const float *second) {
        if (y < reach || y >= reach + labels.height) return;
        weigh_row(y - reach, [&](int x, int c) {
            const double d1 = first[x + reach], d2 = second[x + reach];
            const double between = d2 <= reach ? border * bell(d1 + d2, sigma) : 0;
            if (!freiburg) return between;
            if (c != 0) return 0.0;
            const double beside = d1 <= reach ? (1 - background_share) * bell(d1, background_sigma) : 0;
            return background_share - 1 + beside + between;
        });
    });
    return weights;
}

}  // namespace unet
