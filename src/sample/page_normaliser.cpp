#include "src/sample/page_normaliser.h"
#include "src/sample/normalise.h"

namespace unet {

PageNormaliser::PageNormaliser(Normalisation normalisation, const StackShape &shape,
                               std::function<Pixels(int page, Rect region)> read)
    : normalisation_(std::move(normalisation)), shape_(shape), read_(std::move(read)) {
    if (!normalisation_.by_page) return;
    low_.resize(index(shape.pages));
    high_.resize(index(shape.pages));
}

void PageNormaliser::apply(int page, Pixels &pixels) {
    if (normalisation_.by_page) of_page(page).apply(pixels);
    else normalisation_.apply(pixels);
}

Normalisation PageNormaliser::known(int page) const {
    const auto first = std::ptrdiff_t(index(page)), end = std::ptrdiff_t(index(page + 1));
    return {{low_.begin() + first, low_.begin() + end}, {high_.begin() + first, high_.begin() + end}};
}

void PageNormaliser::remember(int page, const Normalisation &range) {
    std::copy(range.low.begin(), range.low.end(), low_.begin() + std::ptrdiff_t(index(page)));
    std::copy(range.high.begin(), range.high.end(), high_.begin() + std::ptrdiff_t(index(page)));
}

// Threads that need the same page wait for the first of them rather than read it, too. Nothing below runs tasks, so no
// thread can come back here while it holds the lock.
Normalisation PageNormaliser::of_page(int page) {
    const std::lock_guard lock(mutex_);
    if (low_[index(page)] == high_[index(page)])
        remember(page, normalisation_of_page(survey_grays_of_page(shape_, page, read_)));
    return known(page);
}

}  // namespace unet
