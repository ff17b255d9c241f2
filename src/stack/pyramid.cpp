#include "src/stack/pyramid.h"
#include "src/base/error.h"
#include <algorithm>
#include <array>
#include <cstring>
#include <tbb/parallel_for.h>
#include <type_traits>

namespace unet {

namespace {

/// Up to four values: 1, 2 or 4.
template<class T>
struct Square {
    std::array<T, 4> values;
    int count;
};

template<class T>
T mean_of(const Square<T> &square) {
    const auto &[v, count] = square;
    if constexpr (std::is_floating_point_v<T>) {
        if (count == 1) return v[0];
        return count == 2 ? (v[0] + v[1]) * T(0.5) : ((v[0] + v[1]) + (v[2] + v[3])) * T(0.25);
    } else {
        uint64_t sum = 0;
        for (int i = 0; i < count; i++) sum += v[i];
        return T((sum + uint64_t(count) / 2) / uint64_t(count));
    }
}

template<class T>
T most_frequent_of(const Square<T> &square) {
    const auto &[v, count] = square;
    int best = 0, most = 0;
    for (int i = 0; i < count; i++) {
        int equal = 0;
        for (int j = 0; j < count; j++) equal += v[i] == v[j];
        if (equal > most) best = i, most = equal;
    }
    return v[best];
}

template<class T>
T sample_at(const uint8_t *row, int x) {
    T value;
    std::memcpy(&value, row + size_t(x) * sizeof(T), sizeof(T));
    return value;
}

/// Rows of a plane, `above` and `below` (null where the page ends between them), become the row `out`.
template<class T, class Reduce>
void halve_rows(const uint8_t *above, const uint8_t *below, int width, uint8_t *out, const Reduce &reduce) {
    for (int x = 0; x < width; x += 2, out += sizeof(T)) {
        const bool two_columns = x + 1 < width;
        Square<T> square{{sample_at<T>(above, x)}, 1};
        const auto add = [&](const uint8_t *row, int column) {
            square.values[size_t(square.count++)] = sample_at<T>(row, column);
        };
        if (two_columns) add(above, x + 1);
        if (below) add(below, x);
        if (two_columns && below) add(below, x + 1);
        const T value = reduce(square);
        std::memcpy(out, &value, sizeof(T));
    }
}

template<class T>
std::vector<uint8_t> halved_planes(const Band &band, int planes, int width, Pyramid pyramid) {
    const int half_rows = (band.rows + 1) / 2;
    const size_t row_bytes = size_t(width) * sizeof(T), half_bytes = size_t((width + 1) / 2) * sizeof(T);
    std::vector<uint8_t> half(size_t(planes) * size_t(half_rows) * half_bytes);
    tbb::parallel_for(0, planes * half_rows, [&](int i) {
        const int plane = i / half_rows, y = i % half_rows * 2;
        const uint8_t *above = band.bytes.data() + (size_t(plane) * size_t(band.rows) + size_t(y)) * row_bytes;
        const uint8_t *below = y + 1 < band.rows ? above + row_bytes : nullptr;
        uint8_t *out = half.data() + size_t(i) * half_bytes;
        if (pyramid == Pyramid::mean) halve_rows<T>(above, below, width, out, mean_of<T>);
        else halve_rows<T>(above, below, width, out, most_frequent_of<T>);
    });
    return half;
}

/// A band of half the width and rows.
Band halved(const Band &band, const StackShape &shape, int width, Pyramid pyramid) {
    Band half{band.page, band.y / 2, (band.rows + 1) / 2, {}};
    switch (shape.type) {
    case SampleType::u8: half.bytes = halved_planes<uint8_t>(band, shape.samples, width, pyramid); break;
    case SampleType::u16: half.bytes = halved_planes<uint16_t>(band, shape.samples, width, pyramid); break;
    case SampleType::u32: half.bytes = halved_planes<uint32_t>(band, shape.samples, width, pyramid); break;
    case SampleType::f32: half.bytes = halved_planes<float>(band, shape.samples, width, pyramid); break;
    default:
        throw Error(Exit::internal, std::string("there is no pyramid of type ") + sample_type_name(shape.type) +
                                        "; please report this fault");
    }
    return half;
}

/// Puts rows under those that are there, plane by plane.
void append_rows(Band &band, const Band &more, int planes) {
    const size_t old_bytes = band.bytes.size() / size_t(planes), new_bytes = more.bytes.size() / size_t(planes);
    std::vector<uint8_t> joined((old_bytes + new_bytes) * size_t(planes));
    for (size_t plane = 0; plane < size_t(planes); plane++) {
        uint8_t *to = joined.data() + plane * (old_bytes + new_bytes);
        std::copy_n(band.bytes.data() + plane * old_bytes, old_bytes, to);
        std::copy_n(more.bytes.data() + plane * new_bytes, new_bytes, to + old_bytes);
    }
    band.bytes = std::move(joined);
    band.rows += more.rows;
}

}  // namespace

PyramidBands::PyramidBands(const TiffLayout &layout, Pyramid pyramid, std::function<void(int level, const Band &)> sink)
    : layout_(layout), pyramid_(pyramid), sink_(std::move(sink)), open_(size_t(layout.levels())) {}

// Bands begin at even rows, so that no pixel below needs two of them.
void PyramidBands::reduce(int level, const Band &band) {
    const int next = level + 1;
    if (next == layout_.levels()) return;
    Band half = halved(band, layout_.shape(), layout_.level(level).width, pyramid_);
    Band &open = open_[size_t(next)];
    if (open.rows == 0) open = std::move(half);
    else append_rows(open, half, layout_.shape().samples);
    if (open.rows < band_rows && open.y + open.rows < layout_.level(next).height) return;
    sink_(next, open);
    reduce(next, open);
    open = {};
}

}  // namespace unet
