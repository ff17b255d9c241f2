// augment_image on GPUs: a block of threads warps a patch and the two pixels around it into shared memory, blurs its columns there,
// then its rows; a thread per pixel.
#include "generators/augment_image.h"
#include "schedules/gpu/warp.h"

namespace unet::generators {

void schedule(AugmentImage &op, const Halide::Target &, const Knobs &) {
    constexpr int columns = 16, rows = 8;  // 20 x 12 warped: 1 KB a channel
    const auto guard = Halide::TailStrategy::GuardWithIf;
    const Halide::Var xi{"xi"}, yi{"yi"}, xo{"xo"}, yo{"yo"};

    op.result.compute_root()
        .split(op.x, op.x, xi, columns, guard)
        .split(op.y, op.y, yi, rows, guard)
        .reorder(op.k, xi, yi, op.x, op.y)
        .gpu_blocks(op.x, op.y).gpu_threads(xi, yi);
    for (Halide::Func part : {op.warped, op.smoothed})
        part.compute_at(op.result, op.x)
            .reorder_storage(op.x, op.k, op.y)
            .split(op.x, xo, xi, columns, guard)
            .split(op.y, yo, yi, rows, guard)
            .reorder(op.k, xo, yo, xi, yi)
            .gpu_threads(xi, yi);
    warp_threads(op.warp);
}

}  // namespace unet::generators
