#include "src/score/confusion.h"
#include "src/base/error.h"
#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace unet {

Classes class_map(const Ids &ids) {
    Classes classes(1, ids.width, ids.height);
    std::transform(ids.values.begin(), ids.values.end(), classes.values.begin(),
                   [](uint32_t value) { return uint8_t(std::min<uint32_t>(value, ignored)); });
    return classes;
}

void Confusion::add(const Classes &prediction, const Classes &truth) {
    if (prediction.values.size() != truth.values.size())
        throw Error(Exit::internal, "confusion: prediction and truth differ in size");
    for (size_t i = 0; i < truth.values.size(); i++) {
        const int is = truth.values[i], said = prediction.values[i];
        if (is == ignored) continue;
        if (is >= classes_ || said >= classes_)
            throw Error(
                Exit::data,
                fmt::format("class {} is predicted, but the truth has {} classes (0 .. {}); give a class map as "
                            "segment writes it, or the right --classes",
                            said, classes_, classes_ - 1));
        counts_[size_t(is) * classes_ + said]++;
    }
}

void Confusion::add(const Confusion &other) {
    if (other.classes_ != classes_) throw Error(Exit::internal, "confusion: the numbers of classes differ");
    for (size_t i = 0; i < counts_.size(); i++) counts_[i] += other.counts_[i];
}

uint64_t Confusion::pixels() const { return std::accumulate(counts_.begin(), counts_.end(), uint64_t(0)); }

uint64_t Confusion::true_pixels(int c) const {
    uint64_t sum = 0;
    for (int predicted = 0; predicted < classes_; predicted++) sum += count(c, predicted);
    return sum;
}

uint64_t Confusion::predicted_pixels(int c) const {
    uint64_t sum = 0;
    for (int truth = 0; truth < classes_; truth++) sum += count(truth, c);
    return sum;
}

std::optional<int> Confusion::only_class() const {
    for (int c = 0; c < classes_; c++)
        if (pixels() > 0 && predicted_pixels(c) == pixels() && true_pixels(c) < pixels()) return c;
    return {};
}

std::optional<double> Confusion::iou(int c) const {
    const uint64_t both = true_pixels(c) + predicted_pixels(c);
    if (both == 0) return {};
    return double(count(c, c)) / double(both - count(c, c));
}

std::optional<double> Confusion::dice(int c) const {
    const uint64_t both = true_pixels(c) + predicted_pixels(c);
    if (both == 0) return {};
    return 2 * double(count(c, c)) / double(both);
}

std::optional<double> Confusion::pixel_error() const {
    if (pixels() == 0) return {};
    uint64_t right = 0;
    for (int c = 0; c < classes_; c++) right += count(c, c);
    return double(pixels() - right) / double(pixels());
}

}  // namespace unet
