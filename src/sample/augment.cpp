#include "src/sample/augment.h"
#include "src/kernels/kernels.h"
#include <algorithm>
#include <cmath>
#include <numbers>

namespace unet {

namespace {

// Faults of serial sections under an electron microscope. Draws the same numbers whatever the fault.
void add_fault(Augmentation &augmentation, Random &random) {
    const uint64_t kind = random.below(3);
    const double level = random.uniform(), angle = random.uniform(0, 2 * std::numbers::pi), slip = 10 * random.normal();
    GrayVariation &gray = augmentation.gray;
    if (kind == 0) gray.gain = 0, gray.offset = level;   // missing
    else if (kind == 1) gray.gain *= 0.1 + 0.4 * level;  // dark
    else {                                               // misaligned: slides along a line
        augmentation.deformation.normal = {std::cos(angle), std::sin(angle)};
        augmentation.deformation.step = {-slip * std::sin(angle), slip * std::cos(angle)};
    }
}

template<class T>
auto planes(const Array<T> &pixels) {
    return Halide::Runtime::Buffer<T, 3>(const_cast<T *>(pixels.values.data()), pixels.channels, pixels.width,
                                         pixels.height);
}

Halide::Runtime::Buffer<uint32_t, 2> plane(const Ids &ids) {
    return Halide::Runtime::Buffer<uint32_t, 2>(const_cast<uint32_t *>(ids.values.data()), ids.width, ids.height);
}

template<size_t count>
Vector vector_of(const std::array<double, count> &values) {
    Vector vector{int(count)};
    std::copy(values.begin(), values.end(), vector.begin());
    return vector;
}

}  // namespace

Augmentation Augmentation::draw(Random &random, const AugmentOptions &options) {
    Augmentation drawn;
    drawn.cubic = options.cubic;
    drawn.deformation = Deformation::draw(random, options.deformation);
    drawn.gray = GrayVariation::draw(random, options.gray);
    const bool faulty = random.uniform() < options.em_faults;
    Random fault(random.bits(), 0);
    if (faulty) add_fault(drawn, fault);
    return drawn;
}

Pixels augmented_image(const Pixels &source, const Warp &warp, const Augmentation &augmentation) {
    const GrayVariation &gray = augmentation.gray;
    Pixels image(source.channels, warp.columns.dim(0).extent() - 2 * blur_rim,
                 warp.rows.dim(0).extent() - 2 * blur_rim);
    run(host_kernels().augment_image, planes(source), warp.affine, warp.grid, warp.columns, warp.rows, warp.cut,
        warp.step, augmentation.cubic, vector_of(blur_weights(gray.blur)),
        vector_of<4>({gray.gain, gray.offset, gray.bend, gray.noise}), gray.noise_seed, planes(image));
    return image;
}

Ids augmented_labels(const Ids &source, const Warp &warp) {
    Ids labels(1, warp.columns.dim(0).extent(), warp.rows.dim(0).extent());
    run(host_kernels().augment_labels, plane(source), warp.affine, warp.grid, warp.columns, warp.rows, warp.cut,
        warp.step, plane(labels));
    return labels;
}

}  // namespace unet
