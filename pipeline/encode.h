// Class probabilities to the samples of an output stack.
#pragma once
#include "src/base/array.h"
#include "src/base/rect.h"
#include "src/stack/pyramid.h"
#include "src/stack/sample_type.h"
#include <string>
#include <vector>

namespace unet {

/// What one output stack holds: class maps (u8, one plane) or the probabilities of all classes (u8, u16, f32; one plane
/// each).
struct OutputKind {
    bool probabilities = false;
    SampleType type = SampleType::u8;

    int planes(int classes) const { return probabilities ? classes : 1; }
    int sample_bytes() const { return int(bytes_per_sample(type)); }
    std::string name() const { return probabilities ? "probabilities" : "classes"; }
    Pyramid pyramid() const { return probabilities ? Pyramid::mean : Pyramid::most_frequent; }
};

/// Samples of the pixels of `part`, plane by plane, row by row, in host byte order. `probabilities` is [classes, W, H].
///
/// A class is the first of those with the highest probability. A probability p is round(255 p) as u8, round(65535 p) as
/// u16, itself as f32. All must be finite.
std::vector<uint8_t> encode(const Pixels &probabilities, Rect part, const OutputKind &kind);

}  // namespace unet
