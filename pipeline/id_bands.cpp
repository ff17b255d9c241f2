#include "pipeline/id_bands.h"
#include <algorithm>
#include <cstring>

namespace unet {

namespace {

template<class T>
void fill(uint8_t *row, const Run &run, uint32_t id) {
    std::fill(reinterpret_cast<T *>(row) + run.begin, reinterpret_cast<T *>(row) + run.end, T(id));
}

}  // namespace

IdBands::IdBands(const StackShape &shape, RowPlace from, std::function<void(Band)> sink)
    : shape_(shape), sink_(std::move(sink)) {
    begin_band(from);
}

void IdBands::begin_band(RowPlace at) {
    band_.page = at.page;
    band_.y = at.y;
    band_.rows = std::min(band_rows, shape_.height - at.y);
    band_.bytes.assign(size_t(band_.rows) * shape_.width * bytes_per_sample(shape_.type), 0);
}

void IdBands::set(RowPlace at, const Run &run, uint32_t id) {
    uint8_t *row = &band_.bytes[size_t(at.y - band_.y) * shape_.width * bytes_per_sample(shape_.type)];
    if (shape_.type == SampleType::u16) fill<uint16_t>(row, run, id);
    else fill<uint32_t>(row, run, id);
}

void IdBands::end_row(RowPlace at) {
    if (at.y + 1 < band_.y + band_.rows) return;
    sink_(std::move(band_));
    begin_band(at.y + 1 < shape_.height ? RowPlace{at.page, at.y + 1} : RowPlace{at.page + 1, 0});
}

}  // namespace unet
