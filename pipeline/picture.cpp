#include "pipeline/picture.h"
#include "src/base/error.h"
#include "src/base/paths.h"
#include "src/report/picture.h"
#include "src/report/png_file.h"
#include "src/sample/labels.h"
#include "src/score/truth_scheme.h"
#include <algorithm>
#include <fmt/format.h>
#include <iostream>

namespace unet {

namespace {

constexpr int largest_side = 1024;  // pixels of a slice that are shown

StackPtr open_stack(const std::string &path) { return std::make_shared<LazyStack>(expand_paths({path})); }

/// What is shown of each slice: all, or the middle of a large one.
Rect middle(const StackShape &shape) {
    const int width = std::min(shape.width, largest_side), height = std::min(shape.height, largest_side);
    return {(shape.width - width) / 2, (shape.height - height) / 2, width, height};
}

/// The stack must have the slice, and be as large as `image`.
void check_stack(const LazyStack &stack, const LazyStack &image, int slice) {
    const StackShape &shape = stack.shape(), &wanted = image.shape();
    if (slice < 0 || slice >= shape.pages)
        throw Error(Exit::usage,
                    fmt::format("--slice {}: {} has slices 0 to {}", slice, stack.name(), shape.pages - 1));
    if (shape.width != wanted.width || shape.height != wanted.height)
        throw Error(Exit::data,
                    fmt::format("{}: {} x {} pixels, but {} has {} x {}; give files that belong together", stack.name(),
                                shape.width, shape.height, image.name(), wanted.width, wanted.height));
}

Classes read_truth(const StackPtr &truth, int slice, Rect area, int &classes) {
    const LabelScheme scheme = truth_scheme(describe_labels({truth}, {}), 0);
    classes = std::max(classes, scheme.classes());
    return to_classes_as_labelled(truth->read_ids(slice, area), scheme);
}

Classes read_prediction(const LazyStack &prediction, int slice, Rect area, int &classes) {
    const Ids ids = prediction.read_ids(slice, area);
    Classes map(1, ids.width, ids.height);
    for (size_t i = 0; i < ids.values.size(); i++) {
        if (ids.values[i] >= ignored)
            throw Error(Exit::data,
                        fmt::format("{} slice {}: {} is no class; give a class map that `unetflow segment` wrote",
                                    prediction.name(), slice, ids.values[i]));
        map.values[i] = uint8_t(ids.values[i]);
        classes = std::max(classes, int(map.values[i]) + 1);
    }
    return map;
}

}  // namespace

void run_picture(const PictureOptions &options) {
    const StackPtr image = open_stack(options.image);
    check_stack(*image, *image, options.slice);
    const Rect area = middle(image->shape());
    int classes = 2;
    Classes truth, prediction;
    if (!options.truth.empty()) {
        const StackPtr stack = open_stack(options.truth);
        check_stack(*stack, *image, options.slice);
        truth = read_truth(stack, options.slice, area, classes);
    }
    if (!options.prediction.empty()) {
        const StackPtr stack = open_stack(options.prediction);
        check_stack(*stack, *image, options.slice);
        prediction = read_prediction(*stack, options.slice, area, classes);
    }
    write_png(options.output, side_by_side(image->read(options.slice, area), truth, prediction, classes));
    std::cout << options.output << "\n";
}

}  // namespace unet
