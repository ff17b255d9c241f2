#include "pipeline/chosen_part.h"
#include "generated/version.h"
#include "src/base/error.h"
#include "src/net/geometry.h"
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace unet {

namespace {

PageRange chosen_pages(const ImageStack &images, const SegmentOptions &options) {
    const int pages = images.shape().pages;
    if (!options.pages) return {0, pages};
    const auto [first, end] = *options.pages;
    if (end > pages)
        throw Error(Exit::usage, fmt::format("--z {}:{}: {} has slices 0 to {}", first, end, images.name(), pages - 1));
    return {first, end - first};
}

Rect chosen_area(const ImageStack &images, const SegmentOptions &options) {
    const StackShape &shape = images.shape();
    if (!options.area) return {0, 0, shape.width, shape.height};
    const Rect &area = *options.area;
    if (area.x > shape.width - area.width || area.y > shape.height - area.height)
        throw Error(Exit::usage, fmt::format("--roi {},{},{},{}: reaches outside {}, which is {} x {}", area.x, area.y,
                                             area.width, area.height, images.name(), shape.width, shape.height));
    return area;
}

}  // namespace

ChosenPart::ChosenPart(const ImageStack &images, const SegmentOptions &options)
    : pages(chosen_pages(images, options)), area(chosen_area(images, options)) {}

ImageStack images_of(const StackFiles &files, const ImageChoice &choice, const Model &model) {
    ImageChoice own = choice;
    own.file_channels = files.lists;
    own.context_slices = model.context_slices;
    return ImageStack(files.inputs, own);
}

void check_channels(const ImageStack &images, const Model &model, const std::string &model_name) {
    const int slices = 2 * model.context_slices + 1;
    const int has = images.shape().samples / slices, needs = model.architecture().channels / slices;
    if (has != needs)
        throw Error(Exit::data, fmt::format("{}: has {} channel{}, but {} was trained on {}; give images like the "
                                            "training's, or choose with --channels",
                                            images.name(), has, has == 1 ? "" : "s", model_name, needs));
}

StackShape output_shape(const StackShape &images, const ChosenPart &part, const OutputKind &kind,
                        const std::vector<std::string> &class_names) {
    StackShape shape = images;
    shape.width = part.area.width;
    shape.height = part.area.height;
    shape.pages = part.pages.count;
    shape.samples = kind.planes(int(class_names.size()));
    shape.type = kind.type;
    shape.channels = kind.probabilities ? class_names : std::vector<std::string>{kind.name()};
    return shape;
}

std::map<std::string, std::string> output_metadata(const Ensemble &models, const OutputKind &kind,
                                                   const ChosenPart &part, const SegmentOptions &options,
                                                   const std::string &input) {
    const Model &model = models.first();
    const auto &[pages, area] = part;
    std::map<std::string, std::string> entries{{"unetflow", version},
                                               {"model", models.hash()},
                                               {"normalisation", models.normalisation()},
                                               {"classes", fmt::format("{}", fmt::join(model.class_names, ","))},
                                               {"emit", kind.name()},
                                               {"input", input}};
    if (!options.images.channels.empty())
        entries["channels"] = fmt::format("{}", fmt::join(options.images.channels, ","));
    if (options.images.series) entries["series"] = std::to_string(*options.images.series);
    if (options.pages) entries["z"] = fmt::format("{}:{}", pages.first, pages.first + pages.count);
    if (options.d4) entries["tta"] = "d4";
    if (options.precision == Precision::float16) entries["precision"] = "float16";
    if (options.overlap > 0) {
        entries["tile"] = std::to_string(geometry(model.architecture()).largest_input(options.tile));
        entries["overlap"] = std::to_string(options.overlap);
        entries["blend"] = blend_name(options.blend);
    }
    if (options.area) entries["roi"] = fmt::format("{},{},{},{}", area.x, area.y, area.width, area.height);
    return entries;
}

}  // namespace unet
