#include "pipeline/chosen_part.h"
#include "generated/version.h"
#include "src/base/error.h"
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace unet {

namespace {

PageRange chosen_pages(const StackReader &images, const SegmentOptions &options) {
    const int pages = images.shape().pages;
    if (!options.pages) return {0, pages};
    const auto [first, end] = *options.pages;
    if (end > pages)
        throw Error(Exit::usage, fmt::format("--z {}:{}: {} has slices 0 to {}", first, end, images.name(), pages - 1));
    return {first, end - first};
}

Rect chosen_area(const StackReader &images, const SegmentOptions &options) {
    const StackShape &shape = images.shape();
    if (!options.area) return {0, 0, shape.width, shape.height};
    const Rect &area = *options.area;
    if (area.x > shape.width - area.width || area.y > shape.height - area.height)
        throw Error(Exit::usage, fmt::format("--roi {},{},{},{}: reaches outside {}, which is {} x {}", area.x, area.y,
                                             area.width, area.height, images.name(), shape.width, shape.height));
    return area;
}

std::string normalisation_text(const Normalisation &normalisation) {
    if (normalisation.by_page) return "page";
    std::string text;
    for (size_t k = 0; k < normalisation.low.size(); k++)
        text += fmt::format("{}{}..{}", k ? " " : "", normalisation.low[k], normalisation.high[k]);
    return text;
}

}  // namespace

ChosenPart::ChosenPart(const StackReader &images, const SegmentOptions &options)
    : pages(chosen_pages(images, options)), area(chosen_area(images, options)) {}

void check_channels(const StackReader &images, const Model &model, const std::string &model_name) {
    const int has = images.shape().samples, needs = model.architecture().channels;
    if (has != needs)
        throw Error(Exit::data,
                    fmt::format("{}: has {} channel{}, but {} was trained on {}; give images like the training's",
                                images.name(), has, has == 1 ? "" : "s", model_name, needs));
}

StackShape output_shape(const StackShape &images, const ChosenPart &part, const OutputKind &kind, int classes) {
    StackShape shape = images;
    shape.width = part.area.width;
    shape.height = part.area.height;
    shape.pages = part.pages.count;
    shape.samples = kind.planes(classes);
    shape.type = kind.type;
    return shape;
}

std::map<std::string, std::string> output_metadata(const Model &model, const std::string &hash, const OutputKind &kind,
                                                   const ChosenPart &part, const SegmentOptions &options,
                                                   const std::string &input) {
    const auto &[pages, area] = part;
    std::map<std::string, std::string> entries{{"unetflow", version},
                                               {"model", hash},
                                               {"normalisation", normalisation_text(model.normalisation)},
                                               {"classes", fmt::format("{}", fmt::join(model.class_names, ","))},
                                               {"emit", kind.name()},
                                               {"input", input}};
    if (options.pages) entries["z"] = fmt::format("{}:{}", pages.first, pages.first + pages.count);
    if (options.area) entries["roi"] = fmt::format("{},{},{},{}", area.x, area.y, area.width, area.height);
    return entries;
}

}  // namespace unet
