#include "src/sample/split.h"
#include "src/base/error.h"
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace unet {

namespace {

bool slices_of_one_stack(const std::vector<LabelledStack> &pairs) {
    const auto alike = [&](const LabelledStack &pair) {
        const StackShape &a = pair.images->shape(), &b = pairs[0].images->shape();
        return a.width == b.width && a.height == b.height && a.samples == b.samples && a.type == b.type;
    };
    return std::all_of(pairs.begin(), pairs.end(), alike);
}

// How many of `count` validate: about `share`, one at least and one less than all at most.
int64_t share_of(int64_t count, double share) {
    if (share == 0 || count < 2) return 0;
    return std::clamp<int64_t>(std::llround(share * double(count)), 1, count - 1);
}

std::vector<StackPage> pages_of(const std::vector<LabelledStack> &pairs, int stack) {
    std::vector<StackPage> pages;
    for (int page = 0; page < pairs[stack].images->shape().pages; page++) pages.push_back({stack, page});
    return pages;
}

// The last pages of `pages` validate, the others train.
void part(const std::vector<StackPage> &pages, double share, Split &split) {
    const auto border = pages.end() - share_of(int64_t(pages.size()), share);
    split.training.insert(split.training.end(), pages.begin(), border);
    split.validation.insert(split.validation.end(), border, pages.end());
}

// Every (1 / share)-th stack validates whole.
void part_by_stack(const std::vector<LabelledStack> &pairs, double share, Split &split) {
    const int64_t count = int64_t(pairs.size()), chosen = share_of(count, share);
    for (int64_t i = 0; i < count; i++) {
        const bool validates = (i + 1) * chosen / count > i * chosen / count;
        auto &side = validates ? split.validation : split.training;
        for (const StackPage &page : pages_of(pairs, int(i))) side.push_back(page);
    }
}

}  // namespace

Split split_pages(const std::vector<LabelledStack> &pairs, double share) {
    if (!(share >= 0 && share < 1))
        throw Error(Exit::usage, fmt::format("validation: {} is no share from 0 to below 1", share));
    Split split;
    if (pairs.empty()) return split;
    std::vector<StackPage> all;
    for (int i = 0; i < int(pairs.size()); i++)
        for (const StackPage &page : pages_of(pairs, i)) all.push_back(page);
    const bool many = double(pairs.size()) * share >= 1 || all.size() == pairs.size();
    if (slices_of_one_stack(pairs)) part(all, share, split);
    else if (many) part_by_stack(pairs, share, split);
    else
        for (int i = 0; i < int(pairs.size()); i++) part(pages_of(pairs, i), share, split);
    return split;
}

}  // namespace unet
