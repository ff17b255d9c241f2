#include "pipeline/evaluate_pictures.h"
#include "pipeline/companions.h"
#include "pipeline/evaluate_prediction.h"
#include "pipeline/output_path.h"
#include "src/base/error.h"
#include "src/report/png_file.h"
#include "src/sample/labelled_window.h"
#include "src/sample/windows.h"
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

template<class Visit>
void for_each_slice(const std::vector<LabelledStack> &pairs, Visit visit) {
    for (size_t i = 0; i < pairs.size(); i++)
        for (int page = 0; page < pairs[i].images->shape().pages; page++) visit(pairs[i], i, page);
}

}  // namespace

EvaluationPictures::EvaluationPictures(const std::vector<LabelledStack> &pairs, const EvaluateOptions &options)
    : pairs_(pairs), options_(options) {
    if (!options.images.empty() && options.pictures.empty() && options.report.empty())
        throw Error(Exit::usage,
                    "--images: is for pictures; name a folder for them by --pictures, or a file by --report");
    images_ = companions(options.images, pairs, options.slices, "images");
    if (options.pictures.empty()) return;
    std::set<fs::path> taken;
    for_each_slice(pairs, [&](const LabelledStack &pair, size_t, int page) {
        const fs::path name = picture_name(*pair.images, page), path = fs::path(options.pictures) / name;
        if (!taken.insert(name).second)
            throw Error(Exit::usage,
                        pair.images->name() + ": another prediction has the same name; draw them one by one");
        if (fs::exists(path) && !options.overwrite)
            throw Error(Exit::cannot_create, path.string() + ": exists; add --overwrite to replace it");
    });
    make_folder(options.pictures);
}

Comparison EvaluationPictures::compared(size_t i, int page, Size largest, const LabelScheme &scheme) const {
    const LabelledStack &pair = pairs_[i];
    const Rect area = middle_of(pair.images->shape(), largest);
    const std::vector<double> alike(size_t(scheme.classes()), 1);
    const WeightOptions &weights = options_.weights;
    LabelledWindow trained =
        labelled_window(pair.labels->read_ids_mirrored(page, grown(area, window_rim(weights))), scheme, alike, weights);
    return {images_.empty() ? Pixels() : images_[i]->read(page, area),
            to_classes_as_labelled(pair.labels->read_ids(page, area), scheme), std::move(trained.weights),
            predicted_classes(*pair.images, page, area, options_)};
}

void EvaluationPictures::write(const LabelScheme &scheme) const {
    if (options_.pictures.empty()) return;
    for_each_slice(pairs_, [&](const LabelledStack &pair, size_t i, int page) {
        write_png(fs::path(options_.pictures) / picture_name(*pair.images, page),
                  side_by_side(compared(i, page, square(largest_part), scheme), scheme.classes()));
    });
}

}  // namespace unet
