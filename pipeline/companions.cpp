#include "pipeline/companions.h"
#include "src/base/error.h"
#include "src/base/paths.h"
#include "src/sample/pairing.h"
#include <fmt/format.h>
#include <map>

namespace unet {

namespace {

using Paths = std::vector<std::filesystem::path>;

/// A stack of as many pages as are judged is taken whole, of a longer one the slices.
Slices slices_of(const Paths &files, int pages, const Slices &slices) {
    return LazyStack(files).shape().pages == pages ? Slices() : slices;
}

StackPtr companion_of(const LabelledStack &pair, const Paths &files, const Slices &slices) {
    const int pages = pair.images->shape().pages;
    const auto stack =
        std::make_shared<const LazyStack>(files, std::make_shared<StackPool>(), slices_of(files, pages, slices));
    const StackShape &a = stack->shape(), &b = pair.images->shape();
    if (a.width != b.width || a.height != b.height || a.pages != b.pages)
        throw Error(Exit::data,
                    fmt::format("{}: {} pages of {} x {}, but {} has {} of {} x {}; they must agree", stack->name(),
                                a.pages, a.width, a.height, pair.images->name(), b.pages, b.width, b.height));
    return stack;
}

}  // namespace

std::vector<StackPtr> companions(const std::vector<std::string> &paths, const std::vector<LabelledStack> &pairs,
                                 const Slices &slices, const char *what) {
    if (paths.empty()) return {};
    const Paths files = expand_paths(paths);
    if (pairs.size() == 1) return {companion_of(pairs.front(), files, slices)};
    if (files.size() != pairs.size())
        throw Error(Exit::data, fmt::format("{}: {} files for {} predictions; give one for each", what, files.size(),
                                            pairs.size()));
    Paths predictions;
    for (const LabelledStack &pair : pairs) predictions.push_back(pair.images->files().front());
    const int pages = pairs.front().images->shape().pages;
    const PairSlices parts{slices_of({files.front()}, pages, slices), slices_of({predictions.front()}, pages, slices)};
    std::map<std::string, StackPtr> companion;  // by the prediction's name
    for (const LabelledStack &found : pair_stacks(files, predictions, {what, "prediction"}, parts).pairs)
        companion[found.labels->name()] = found.images;
    std::vector<StackPtr> stacks;
    for (const LabelledStack &pair : pairs) stacks.push_back(companion.at(pair.images->name()));
    return stacks;
}

}  // namespace unet
