#include "pipeline/preview.h"
#include "src/report/picture.h"
#include "src/report/png_file.h"
#include "src/sample/windows.h"
#include <fmt/format.h>

namespace unet {

namespace {

Array<uint8_t> row_of(const Sample &sample, uint64_t index, int classes) {
    const int margin = (sample.image.width - sample.labels.width) / 2;
    return panel_row({{fmt::format("sample {}", index), show_image(without_rim(sample.image, margin))},
                      {"labels", show_classes(sample.labels, classes)},
                      weights_panel(sample.weights)});
}

}  // namespace

void write_preview(const SampleSource &source, int count, int classes, const std::filesystem::path &file) {
    std::vector<Array<uint8_t>> rows;
    for (int i = 0; i < count; i++) rows.push_back(row_of(source.draw(uint64_t(i)), uint64_t(i), classes));
    write_png(file, stacked(rows));
}

}  // namespace unet
