// How activations lie in memory: as float32, or for inference as float16 if that is asked for.
#pragma once
#include "generators/knobs.h"

namespace unet::generators {

/// A generator whose images may be stored as float16: half the memory and half the traffic. Sums, transforms, biases and
/// whatever else is computed stay float32, and so do filters: they are small beside images, and Winograd's transforms of
/// them would lose the most. With float32 the code is what it would be without this.
template<class Derived>
class StoringGenerator : public TunedGenerator<Derived> {
public:
    Halide::GeneratorParam<Halide::Type> storage{"storage", Halide::Float(32)};
};

/// The largest float16.
constexpr float largest_half = 65504;

/// `value`, a float32, as it is stored: rounded once, to the nearest float16. What is too large for that becomes the
/// largest, since infinity would be a NaN after the next convolution, and so would all that its windows reach.
inline Halide::Expr stored(const Halide::Type &storage, Halide::Expr value) {
    if (storage == Halide::Float(32)) return value;
    return cast(storage, clamp(value, -largest_half, largest_half));
}

/// An image that is read as float32 however it is stored.
inline Halide::Func as_float(Halide::Func image) {
    if (image.type() == Halide::Float(32)) return image;
    const std::vector<Halide::Var> position = image.args();
    Halide::Func values("values");
    values(position) = Halide::cast<float>(image(position));
    return values;
}

}  // namespace unet::generators
