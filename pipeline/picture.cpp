#include "pipeline/picture.h"
#include "src/base/error.h"
#include "src/base/paths.h"
#include "src/report/picture.h"
#include "src/report/png_file.h"
#include "src/sample/labels.h"
#include "src/score/truth_scheme.h"
#include <algorithm>
#include <fmt/format.h>

namespace unet {

namespace {

constexpr int64_t most_pixels = int64_t(1) << 24;  // a picture is to be looked at

StackPtr open(const std::string &path) { return std::make_shared<LazyStack>(expand_paths({path})); }

void check_slice(const LazyStack &stack, int slice) {
    const int pages = stack.shape().pages;
    if (slice >= pages)
        throw Error(Exit::usage, fmt::format("--slice {}: {} has slices 0 to {}", slice, stack.name(), pages - 1));
}

Rect chosen_area(const LazyStack &images, const PictureOptions &options) {
    const StackShape &shape = images.shape();
    const Rect area = options.area.value_or(Rect{0, 0, shape.width, shape.height});
    if (area.x > shape.width - area.width || area.y > shape.height - area.height)
        throw Error(Exit::usage, fmt::format("--roi {},{},{},{}: reaches outside {}, which is {} x {}", area.x, area.y,
                                             area.width, area.height, images.name(), shape.width, shape.height));
    if (int64_t(area.width) * area.height > most_pixels)
        throw Error(Exit::usage,
                    fmt::format("{}: {} x {} pixels are too many for a picture; choose some with --roi x,y,w,h",
                                images.name(), area.width, area.height));
    return area;
}

void check_same_size(const LazyStack &images, const LazyStack &other) {
    const StackShape &a = images.shape(), &b = other.shape();
    if (a.width != b.width || a.height != b.height)
        throw Error(Exit::data, fmt::format("{}: is {} x {}, but {} is {} x {}; they must agree", other.name(), b.width,
                                            b.height, images.name(), a.width, a.height));
}

Ids read_part(const LazyStack &stack, const LazyStack &images, int slice, Rect area) {
    check_slice(stack, slice);
    check_same_size(images, stack);
    return stack.read_ids(slice, area);
}

Classes as_classes(const Ids &ids) {
    Classes classes(1, ids.width, ids.height);
    std::transform(ids.values.begin(), ids.values.end(), classes.values.begin(),
                   [](uint32_t id) { return uint8_t(std::min<uint32_t>(id, ignored)); });
    return classes;
}

int highest_class(const Classes &map) {
    int highest = 0;
    for (const uint8_t value : map.values)
        if (value != ignored) highest = std::max<int>(highest, value);
    return highest;
}

}  // namespace

void run_picture(const PictureOptions &options) {
    const StackPtr images = open(options.image);
    check_slice(*images, options.slice);
    const Rect area = chosen_area(*images, options);
    Classes truth, prediction;
    int classes = 2;
    if (!options.truth.empty()) {
        const StackPtr labels = open(options.truth);
        const LabelScheme scheme = truth_scheme(describe_labels({labels}, {}), 0);
        truth = to_classes_as_labelled(read_part(*labels, *images, options.slice, area), scheme);
        classes = std::max(classes, scheme.classes());
    }
    if (!options.prediction.empty()) {
        prediction = as_classes(read_part(*open(options.prediction), *images, options.slice, area));
        classes = std::max(classes, highest_class(prediction) + 1);
    }
    write_png(options.output, side_by_side(images->read(options.slice, area), truth, prediction, classes));
    fmt::print("{}\n", options.output);
}

}  // namespace unet
