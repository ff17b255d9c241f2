#include "pipeline/probability.h"
#include "src/base/error.h"
#include <fmt/format.h>

namespace unet {

Pixels probability_of(const LazyStack &stack, int page, int c) {
    return probability_of(stack, page, {0, 0, stack.shape().width, stack.shape().height}, c);
}

Pixels probability_of(const LazyStack &stack, int page, Rect region, int c) {
    const StackShape &shape = stack.shape();
    Pixels probability(1, region.width, region.height);
    if (shape.samples == 1) {
        const Ids classes = stack.read_ids(page, region);
        for (size_t i = 0; i < probability.values.size(); i++) probability.values[i] = classes.values[i] == uint32_t(c);
        return probability;
    }
    if (c >= shape.samples)
        throw Error(Exit::data,
                    fmt::format("{}: has {} classes, there is no class {}", stack.name(), shape.samples, c));
    const double highest = shape.type == SampleType::u8 ? 255 : shape.type == SampleType::u16 ? 65535 : 1;
    const Pixels all = stack.read(page, region);
    for (size_t i = 0; i < probability.values.size(); i++)
        probability.values[i] = float(all.values[i * size_t(all.channels) + size_t(c)] / highest);
    return probability;
}

}  // namespace unet
