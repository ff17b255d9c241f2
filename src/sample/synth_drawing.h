// Small functions that synthetic images are drawn with.
#pragma once
#include "src/base/array.h"
#include "src/base/random.h"
#include <algorithm>
#include <cmath>

namespace unet {

inline float mix(float a, float b, float share) { return a + (b - a) * share; }

/// 0 up to `low`, 1 from `high` on, a cubic in between; falls instead of rising when high < low.
inline float smooth_step(float low, float high, float value) {
    const float t = (value - low) / (high - low);
    return t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - 2 * t);
}

/// The profile of a soft line: 1 at distance 0, 0 from `half_width` on.
inline float stroke(float distance, float half_width) { return std::max(1 - std::abs(distance) / half_width, 0.0f); }

/// A random direction in the plane; length 1.
struct Direction {
    float x = 1, y = 0;
    Direction() = default;
    explicit Direction(Random &random) {
        float square;
        do {
            x = float(random.uniform(-1, 1)), y = float(random.uniform(-1, 1));
            square = x * x + y * y;
        } while (square < 0.01f || square > 1);
        x /= std::sqrt(square), y /= std::sqrt(square);
    }
};

/// Calls draw(x, y) for the pixels of a page within `around` pixels, in x and in y, of a point.
template<class Draw>
void for_pixels_around(int width, int height, float centre_x, float centre_y, float around, Draw draw) {
    const int left = std::max(int(std::ceil(centre_x - around)), 0),
              right = std::min(int(std::floor(centre_x + around)), width - 1);
    const int top = std::max(int(std::ceil(centre_y - around)), 0),
              bottom = std::min(int(std::floor(centre_y + around)), height - 1);
    for (int y = top; y <= bottom; y++)
        for (int x = left; x <= right; x++) draw(x, y);
}

/// Rounded, and cut off at 0 and 255.
inline Array<uint8_t> to_bytes(const Pixels &gray) {
    Array<uint8_t> bytes(gray.channels, gray.width, gray.height);
    for (size_t i = 0; i < gray.values.size(); i++)
        bytes.values[i] = uint8_t(std::clamp(gray.values[i], 0.0f, 255.0f) + 0.5f);
    return bytes;
}

}  // namespace unet
