#include "pipeline/evaluate_pictures.h"
#include "pipeline/companions.h"
#include "pipeline/output_path.h"
#include "src/base/error.h"
#include "src/report/picture.h"
#include "src/report/png_file.h"
#include "src/sample/labelled_window.h"
#include "src/sample/windows.h"
#include "src/score/confusion.h"
#include <fmt/format.h>
#include <set>

namespace unet {

namespace fs = std::filesystem;

namespace {

constexpr int largest_part = 1024;  // pixels

fs::path picture_name(const LazyStack &prediction, int page) {
    const std::string stem = fs::path(prediction.name()).stem().string();
    return prediction.shape().pages == 1 ? stem + ".png" : fmt::format("{}-{:04}.png", stem, page);
}

Comparison compared(const LabelledStack &pair, const LazyStack *images, int page, const LabelScheme &scheme,
                    const WeightOptions &weights) {
    const Rect area = middle_of(pair.images->shape(), square(largest_part));
    const std::vector<double> alike(size_t(scheme.classes()), 1);
    LabelledWindow trained =
        labelled_window(pair.labels->read_ids_mirrored(page, grown(area, window_rim(weights))), scheme, alike, weights);
    return {images ? images->read(page, area) : Pixels(),
            to_classes_as_labelled(pair.labels->read_ids(page, area), scheme), std::move(trained.weights),
            class_map(pair.images->read_ids(page, area))};
}

}  // namespace

void write_evaluation_pictures(const std::vector<LabelledStack> &pairs, const LabelScheme &scheme,
                               const EvaluateOptions &options) {
    const std::vector<StackPtr> images = companions(options.images, pairs, options.slices, "images");
    make_folder(options.pictures);
    std::set<fs::path> taken;
    for (size_t i = 0; i < pairs.size(); i++)
        for (int page = 0; page < pairs[i].images->shape().pages; page++) {
            const fs::path name = picture_name(*pairs[i].images, page);
            if (!taken.insert(name).second)
                throw Error(Exit::usage,
                            pairs[i].images->name() + ": another prediction has the same name; draw them one by one");
            write_png(fs::path(options.pictures) / name,
                      side_by_side(
                          compared(pairs[i], images.empty() ? nullptr : images[i].get(), page, scheme, options.weights),
                          scheme.classes()));
        }
}

}  // namespace unet
