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

std::vector<StackPage> all_pages(const std::vector<LabelledStack> &pairs) {
    std::vector<StackPage> all;
    for (int i = 0; i < int(pairs.size()); i++)
        for (const StackPage &page : pages_of(pairs, i)) all.push_back(page);
    return all;
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

void check_share(double share) {
    if (!(share >= 0 && share < 1))
        throw Error(Exit::usage, fmt::format("validation: {} is no share from 0 to below 1", share));
}

LabelledStack part_of(const LabelledStack &pair, Rect area) {
    return {std::make_shared<const LazyStack>(pair.images->part(area)),
            std::make_shared<const LazyStack>(pair.labels->part(area))};
}

}  // namespace

bool is_single_page(const std::vector<LabelledStack> &pairs) {
    return pairs.size() == 1 && pairs[0].images->shape().pages == 1;
}

Split split_blocks(std::vector<LabelledStack> &pairs, double share) {
    check_share(share);
    Split split;
    const int count = int(pairs.size());
    split.training = all_pages(pairs);
    if (share == 0) return split;
    for (int i = 0; i < count; i++) {
        const LabelledStack whole = pairs[i];
        const auto [width, height] = Size{whole.images->shape().width, whole.images->shape().height};
        if (height < 2)
            throw Error(Exit::data,
                        whole.images->name() +
                            ": has a single row, which cannot be divided; validate by slices or not at all");
        const int rows = int(share_of(height, share));
        pairs[i] = part_of(whole, {0, 0, width, height - rows});
        pairs.push_back(part_of(whole, {0, height - rows, width, rows}));
        for (const StackPage &page : pages_of(pairs, int(pairs.size()) - 1)) split.validation.push_back(page);
    }
    return split;
}

Split split_pages(const std::vector<LabelledStack> &pairs, double share) {
    check_share(share);
    Split split;
    if (pairs.empty()) return split;
    const std::vector<StackPage> all = all_pages(pairs);
    const bool many = double(pairs.size()) * share >= 1 || all.size() == pairs.size();
    if (slices_of_one_stack(pairs)) part(all, share, split);
    else if (many) part_by_stack(pairs, share, split);
    else
        for (int i = 0; i < int(pairs.size()); i++) part(pages_of(pairs, i), share, split);
    return split;
}

}  // namespace unet
