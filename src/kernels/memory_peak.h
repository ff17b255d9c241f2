// What this machine's memory can do at most, to compare against.
#pragma once

namespace unet {

/// Bytes that `threads` threads read and write a second when they copy blocks larger than any cache, in GB/s; each byte
/// read and each byte written counts once. Takes about half a second and 512 MB. Throws std::bad_alloc.
double memory_peak_gbs(int threads);

}  // namespace unet
