#include "pipeline/validation_picture.h"
#include "pipeline/validation.h"
#include "src/report/picture.h"
#include "src/report/png_file.h"
#include "src/sample/labelled_window.h"
#include "src/sample/windows.h"
#include <algorithm>

namespace unet {

namespace {

constexpr int most_rows = 3, largest_part = 512;  // pages, pixels

Classes segmented(const PreparedWeights &weights, const Normalisation &normalisation, const LazyStack &images, int page,
                  Rect area) {
    Classes classes(1, area.width, area.height);
    segment_part(weights, normalisation, images, {page, 1}, area,
                 [&](const Band &band) { std::copy(band.bytes.begin(), band.bytes.end(), classes.row(band.y)); });
    return classes;
}

Array<uint8_t> row_of(const PreparedWeights &weights, const TrainData &data, const WeightOptions &form, Size size,
                      StackPage page) {
    const LazyStack &images = *data.stacks[page.stack].images, &labels = *data.stacks[page.stack].labels;
    const Rect area = middle_of(images.shape(), size);
    LabelledWindow truth = labelled_window(labels.read_ids_mirrored(page.page, grown(area, window_rim(form))),
                                           data.survey.scheme, data.class_weights, form);
    return side_by_side({images.read(page.page, area), std::move(truth.labels), std::move(truth.weights),
                         segmented(weights, data.normalisation, images, page.page, area)},
                        data.classes());
}

// What fits into the smallest page, so that all rows are alike.
Size part_size(const TrainData &data) {
    Size size = square(largest_part);
    for (const StackPage &page : data.split.validation) {
        const StackShape &shape = data.stacks[page.stack].images->shape();
        size = {std::min(size.width, shape.width), std::min(size.height, shape.height)};
    }
    return size;
}

}  // namespace

void write_validation_picture(const PreparedWeights &weights, const TrainData &data, const WeightOptions &weight_form,
                              const std::filesystem::path &file) {
    const std::vector<StackPage> &pages = data.split.validation;
    const size_t rows = std::min<size_t>(pages.size(), most_rows);
    std::vector<Array<uint8_t>> pictures;
    for (size_t i = 0; i < rows; i++)
        pictures.push_back(row_of(weights, data, weight_form, part_size(data), pages[i * pages.size() / rows]));
    write_png(file, stacked(pictures));
}

}  // namespace unet
