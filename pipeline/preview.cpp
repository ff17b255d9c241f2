#include "pipeline/preview.h"
#include "src/report/picture.h"
#include "src/report/png_file.h"
#include <algorithm>
#include <fmt/format.h>

namespace unet {

namespace {

// The middle of the image, as large as the labels.
Pixels answered_part(const Sample &sample) {
    const int size = sample.labels.width, margin = (sample.image.width - size) / 2, channels = sample.image.channels;
    Pixels part(channels, size, size);
    for (int y = 0; y < size; y++)
        std::copy_n(sample.image.row(y + margin) + margin * channels, size * channels, part.row(y));
    return part;
}

Array<uint8_t> row_of(const Sample &sample, uint64_t index, int classes) {
    const float most = *std::max_element(sample.weights.values.begin(), sample.weights.values.end());
    return panel_row({{fmt::format("sample {}", index), show_image(answered_part(sample))},
                      {"labels", show_classes(sample.labels, classes)},
                      {fmt::format("weights 0 - {:.3g}", most), show_weights(sample.weights)}});
}

}  // namespace

void write_preview(const SampleSource &source, int count, int classes, const std::filesystem::path &file) {
    std::vector<Array<uint8_t>> rows;
    for (int i = 0; i < count; i++) rows.push_back(row_of(source.draw(uint64_t(i)), uint64_t(i), classes));
    write_png(file, stacked(rows));
}

}  // namespace unet
