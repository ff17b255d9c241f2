// Mirror padding at the border of a page (Ronneberger et al. 2015, figure 2).
#pragma once

namespace unet {

/// Index in [0, n) that pixel `i` mirrors to; the border pixel is not repeated: -1 -> 1, n -> n - 2. Any distance.
inline int mirror(int i, int n) {
    if (n == 1) return 0;
    const int period = 2 * (n - 1);
    const int phase = ((i % period) + period) % period;
    return phase < n ? phase : period - phase;
}

}  // namespace unet
