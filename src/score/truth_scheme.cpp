#include "src/score/truth_scheme.h"
#include "src/base/error.h"
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <numeric>

namespace unet {

namespace {

// Labels of two values of which one does not occur here: 0 and the other, or 0 and 1.
void complete_binary(LabelScheme &scheme) {
    if (scheme.kind != LabelKind::binary || scheme.values.size() >= 2) return;
    const uint32_t other = scheme.values.empty() || scheme.values[0] == 0 ? 1 : scheme.values[0];
    scheme.values = {0, other};
}

}  // namespace

LabelScheme truth_scheme(const LabelSurvey &truth, int classes) {
    if (classes < 0 || classes == 1 || classes > ignored)
        throw Error(Exit::usage, fmt::format("classes: {} is not between 2 and {}", classes, int(ignored)));
    LabelScheme scheme = truth.scheme;
    if (scheme.kind != LabelKind::instances && classes > 0 &&
        (scheme.values.empty() || scheme.values.back() < uint32_t(classes))) {
        scheme.values.resize(classes);
        std::iota(scheme.values.begin(), scheme.values.end(), 0u);
        return scheme;
    }
    complete_binary(scheme);
    if (classes > 0 && scheme.classes() != classes)
        throw Error(Exit::data,
                    fmt::format("truth: {} cannot be matched to {} classes; give the right --classes or --label-kind",
                                scheme.kind == LabelKind::instances
                                    ? "instance ids (background and cell)"
                                    : fmt::format("the values {}", fmt::join(scheme.values, ", ")),
                                classes));
    return scheme;
}

}  // namespace unet
