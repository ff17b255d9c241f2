// augment_labels on GPUs: a thread per pixel.
#include "generators/augment_labels.h"
#include "schedules/gpu/warp.h"

namespace unet::generators {

void schedule(AugmentLabels &op, const Halide::Target &, const Knobs &) {
    const Halide::Var xi{"xi"};
    op.result.compute_root()
        .split(op.x, op.x, xi, 64, Halide::TailStrategy::GuardWithIf)
        .gpu_blocks(op.x, op.y).gpu_threads(xi);
    warp_threads(op.warp);
}

}  // namespace unet::generators
