// A stack that is never stored: each sample is a function of its place, so that a misplaced one shows.
#pragma once
#include "pipeline/region_plan.h"
#include "src/base/random.h"
#include "src/stack/stack_writer.h"

namespace unet::test {

inline uint8_t painted(int page, int plane, int x, int y, int byte) {
    return uint8_t(
        mix_bits((uint64_t(page) << 50) ^ (uint64_t(plane) << 40) ^ (uint64_t(y) << 20) ^ (uint64_t(x) << 4) ^ byte));
}

/// Samples of a rectangle, plane by plane, row by row.
inline std::vector<uint8_t> paint(int page, Rect rect, int planes, int sample_bytes) {
    std::vector<uint8_t> bytes;
    for (int plane = 0; plane < planes; plane++)
        for (int y = rect.y; y < rect.y + rect.height; y++)
            for (int x = rect.x; x < rect.x + rect.width; x++)
                for (int byte = 0; byte < sample_bytes; byte++) bytes.push_back(painted(page, plane, x, y, byte));
    return bytes;
}

/// What a band of a region must hold.
inline bool is_painted(const Band &band, const RegionPlan &plan, int planes, int sample_bytes) {
    const Rect area = plan.area();
    const Rect rows{area.x, area.y + band.y, area.width, band.rows};
    return band.bytes == paint(plan.pages().first + band.page, rows, planes, sample_bytes);
}

}  // namespace unet::test
