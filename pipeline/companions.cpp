#include "pipeline/companions.h"
#include "src/base/error.h"
#include "src/base/paths.h"
#include <fmt/format.h>

namespace unet {

namespace {

/// Of as many pages as are judged, or the slices of a longer one.
StackPtr open_stack(const std::vector<std::filesystem::path> &files, int pages, const Slices &slices) {
    const auto whole = std::make_shared<const LazyStack>(files);
    if (whole->shape().pages == pages || !slices) return whole;
    return std::make_shared<const LazyStack>(files, std::make_shared<StackPool>(), slices);
}

}  // namespace

std::vector<StackPtr> companions(const std::vector<std::string> &paths, const std::vector<LabelledStack> &pairs,
                                 const Slices &slices, const char *what) {
    std::vector<StackPtr> stacks;
    if (paths.empty()) return stacks;
    const auto files = expand_paths(paths);
    if (pairs.size() == 1) stacks.push_back(open_stack(files, pairs.front().images->shape().pages, slices));
    else
        for (const auto &file : files) stacks.push_back(std::make_shared<const LazyStack>(std::vector{file}));
    if (stacks.size() != pairs.size())
        throw Error(Exit::data, fmt::format("{}: {} files for {} predictions; give one for each, in their order", what,
                                            stacks.size(), pairs.size()));
    for (size_t i = 0; i < stacks.size(); i++) {
        const StackShape &a = stacks[i]->shape(), &b = pairs[i].images->shape();
        if (a.width != b.width || a.height != b.height || a.pages != b.pages)
            throw Error(Exit::data, fmt::format("{}: {} pages of {} x {}, but {} has {} of {} x {}; they must agree",
                                                stacks[i]->name(), a.pages, a.width, a.height, pairs[i].images->name(),
                                                b.pages, b.width, b.height));
    }
    return stacks;
}

}  // namespace unet
