#include "pipeline/validation_picture.h"
#include "pipeline/validation.h"
#include "src/report/png_file.h"
#include "src/sample/labelled_window.h"
#include "src/sample/windows.h"
#include <algorithm>

namespace unet {

namespace {

constexpr int largest_part = 512;  // pixels

Classes segmented(const PreparedWeights &weights, const Normalisation &normalisation, const LazyStack &images, int page,
                  Rect area) {
    Classes classes(1, area.width, area.height);
    segment_part(weights, normalisation, images, {page, 1}, area,
                 [&](const Band &band) { std::copy(band.bytes.begin(), band.bytes.end(), classes.row(band.y)); });
    return classes;
}

}  // namespace

Comparison compared_part(const PreparedWeights &weights, const TrainData &data, const WeightOptions &form,
                         StackPage page, Rect area) {
    const LazyStack &images = *data.stacks[page.stack].images, &labels = *data.stacks[page.stack].labels;
    LabelledWindow truth = labelled_window(labels.read_ids_mirrored(page.page, grown(area, window_rim(form))),
                                           data.survey.scheme, data.class_weights, form);
    return {images.read(page.page, area), std::move(truth.labels), std::move(truth.weights),
            segmented(weights, data.normalisation, images, page.page, area)};
}

Size part_size(const TrainData &data, const std::vector<StackPage> &pages) {
    Size size = square(largest_part);
    for (const StackPage &page : pages) {
        const StackShape &shape = data.stacks[page.stack].images->shape();
        size = {std::min(size.width, shape.width), std::min(size.height, shape.height)};
    }
    return size;
}

void write_validation_picture(const PreparedWeights &weights, const TrainData &data, const WeightOptions &weight_form,
                              const std::filesystem::path &file) {
    const std::vector<StackPage> &pages = data.split.validation;
    const size_t rows = std::min(pages.size(), most_picture_rows);
    const Size size = part_size(data, pages);  // of all, so that all rows are alike
    std::vector<Array<uint8_t>> pictures;
    for (size_t i = 0; i < rows; i++) {
        const StackPage page = pages[i * pages.size() / rows];
        const Rect area = middle_of(data.stacks[page.stack].images->shape(), size);
        pictures.push_back(side_by_side(compared_part(weights, data, weight_form, page, area), data.classes()));
    }
    write_png(file, stacked(pictures));
}

}  // namespace unet
