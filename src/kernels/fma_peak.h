// What this machine can do at most, to compare against.
#pragma once

namespace unet {

/// Most floating-point operations a second, in GFLOP/s, that `threads` threads reach together on multiply-adds that
/// stay in registers: two operations each, with the widest instructions the processor has. Takes about half a second.
double fma_peak_gflops(int threads);

}  // namespace unet
