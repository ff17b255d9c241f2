#include "pipeline/picture.h"
#include "pipeline/output_path.h"
#include "src/base/error.h"
#include "src/base/paths.h"
#include "src/report/picture.h"
#include "src/report/png_file.h"
#include "src/sample/labels.h"
#include "src/sample/windows.h"
#include "src/score/truth_scheme.h"
#include <algorithm>
#include <fmt/format.h>

namespace unet {

namespace {

constexpr int largest_side = 1024;  // pixels of a slice that are shown, unless others are asked for

StackPtr open(const std::string &path) { return std::make_shared<LazyStack>(expand_paths({path})); }

void check_slice(const LazyStack &stack, int slice) {
    const int pages = stack.shape().pages;
    if (slice >= pages)
        throw Error(Exit::usage, fmt::format("--slice {}: {} has slices 0 to {}", slice, stack.name(), pages - 1));
}

Rect chosen_area(const LazyStack &images, const PictureOptions &options) {
    const StackShape &shape = images.shape();
    if (!options.area) return middle_of(shape, square(largest_side));
    const Rect &area = *options.area;
    if (area.x > shape.width - area.width || area.y > shape.height - area.height)
        throw Error(Exit::usage, fmt::format("--roi {},{},{},{}: reaches outside {}, which is {} x {}", area.x, area.y,
                                             area.width, area.height, images.name(), shape.width, shape.height));
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

/// Raises `classes` to what the map needs.
Classes as_classes(const Ids &ids, const std::string &name, int &classes) {
    Classes map(1, ids.width, ids.height);
    for (size_t i = 0; i < ids.values.size(); i++) {
        const uint32_t value = ids.values[i];
        if (value >= ignored)
            throw Error(Exit::data,
                        fmt::format("{}: {} is no class; give a class map that `unetflow segment` wrote", name, value));
        map.values[i] = uint8_t(value);
        classes = std::max(classes, int(value) + 1);
    }
    return map;
}

}  // namespace

void run_picture(const PictureOptions &options) {
    check_output(options.output, {options.image, options.truth, options.prediction});
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
        const StackPtr result = open(options.prediction);
        prediction = as_classes(read_part(*result, *images, options.slice, area), result->name(), classes);
    }
    write_png(options.output, side_by_side({images->read(options.slice, area), truth, {}, prediction}, classes));
    fmt::print("{}\n", options.output);
}

}  // namespace unet
