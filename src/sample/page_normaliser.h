// Gray values to network inputs, page by page.
#pragma once
#include "src/base/normalisation.h"
#include "src/stack/stack_reader.h"
#include <functional>
#include <mutex>

namespace unet {

/// Normalises pixels of a stack's pages by the model's range or, with Normalisation::by_page, by percentiles of the
/// page itself, of all its pixels whatever part is asked for: results do not depend on tiles, shards or regions. A page
/// is read once more for that, when it is first needed; what is kept are two numbers for each page and channel.
class PageNormaliser {
public:
    /// `read` gives a region inside a page and is called from apply().
    PageNormaliser(Normalisation normalisation, const StackShape &shape,
                   std::function<Pixels(int page, Rect region)> read);

    /// Safe from several threads. Throws what `read` and survey_grays throw.
    void apply(int page, Pixels &pixels);

private:
    Normalisation of_page(int page);
    Normalisation known(int page) const;
    void remember(int page, const Normalisation &range);
    size_t index(int page) const { return size_t(page) * shape_.samples; }

    Normalisation normalisation_;
    StackShape shape_;
    std::function<Pixels(int page, Rect region)> read_;
    std::mutex mutex_;
    std::vector<float> low_, high_;  // [pages, channels]; low = high: not known yet
};

}  // namespace unet
