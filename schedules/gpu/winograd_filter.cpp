// winograd_filter on GPUs.
#include "schedules/gpu/winograd_filter.h"

namespace unet::generators {

void schedule(WinogradFilter &op, const Halide::Target &, const Knobs &) { winograd_filter_threads(op); }

}  // namespace unet::generators
