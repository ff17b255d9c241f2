#include "pipeline/encode.h"
#include <algorithm>
#include <cmath>
#include <cstring>

namespace unet {

namespace {

template<class T>
T as_sample(float p) {
    if constexpr (std::is_floating_point_v<T>) return p;
    constexpr float highest = float(T(-1));
    return T(std::lround(std::clamp(p, 0.0f, 1.0f) * highest));
}

template<class T>
std::vector<uint8_t> planes(const Pixels &probabilities, Rect part) {
    std::vector<uint8_t> bytes(size_t(probabilities.channels) * part.width * part.height * sizeof(T));
    uint8_t *to = bytes.data();
    for (int k = 0; k < probabilities.channels; k++)
        for (int y = part.y; y < part.y + part.height; y++)
            for (int x = part.x; x < part.x + part.width; x++, to += sizeof(T)) {
                const T sample = as_sample<T>(probabilities(k, x, y));
                std::memcpy(to, &sample, sizeof(T));
            }
    return bytes;
}

std::vector<uint8_t> classes(const Pixels &probabilities, Rect part) {
    std::vector<uint8_t> bytes;
    bytes.reserve(size_t(part.width) * part.height);
    for (int y = part.y; y < part.y + part.height; y++)
        for (int x = part.x; x < part.x + part.width; x++) {
            const float *p = &probabilities(0, x, y);
            bytes.push_back(uint8_t(std::max_element(p, p + probabilities.channels) - p));
        }
    return bytes;
}

}  // namespace

std::vector<uint8_t> encode(const Pixels &probabilities, Rect part, const OutputKind &kind) {
    if (!kind.probabilities) return classes(probabilities, part);
    switch (kind.type) {
    case SampleType::f32: return planes<float>(probabilities, part);
    case SampleType::u16: return planes<uint16_t>(probabilities, part);
    default: return planes<uint8_t>(probabilities, part);
    }
}

}  // namespace unet
