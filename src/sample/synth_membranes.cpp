#include "src/sample/synth_membranes.h"
#include "src/sample/pieces.h"
#include "src/sample/synth_drawing.h"
#include "src/sample/synth_noise.h"
#include "src/sample/synth_organelles.h"
#include <algorithm>
#include <cmath>

namespace unet {

namespace {

constexpr float slice_step = 10;  // pixels of depth from one slice to the next

/// Cells of very different sizes: most are thin neurites, a few are large and round and push the others aside.
Site make_site(uint64_t seed, float pitch, float pitch_z, int i, int j, int k) {
    Random random = random_at(seed, i, j, k);
    const auto jitter = [&](int node, float step) { return step * (node + float(random.uniform())); };
    Site site;
    site.position = {jitter(i, pitch), jitter(j, pitch), jitter(k, pitch_z)};
    const float kind = float(random.uniform()), amount = float(random.uniform());
    site.radius = kind < 0.66f ? 9 * amount : kind < 0.93f ? 10 + 22 * amount : 36 + 26 * amount;
    if (kind < 0.93f) {
        const float elongation = 1 + 2.2f * float(random.uniform());
        site.stretch = 1 - 1 / (elongation * elongation);
    }
    const bool in_plane = random.uniform() < 0.30;  // the others cross the section
    Point axis{float(random.uniform(-1, 1)), float(random.uniform(-1, 1)), in_plane ? 0.0f : 1.6f};
    const float length = std::max(std::sqrt(axis.x * axis.x + axis.y * axis.y + axis.z * axis.z), 1e-3f);
    site.axis = {axis.x / length, axis.y / length, axis.z / length};
    site.key = random.bits();
    return site;
}

Sites neurites(uint64_t seed, int size, float z) {
    const float pitch = 46, pitch_z = 70;
    return Sites({.pitch = pitch,
                  .pitch_z = pitch_z,
                  .reach = 220,
                  .flat = false,
                  .site = [=](int i, int j, int k) { return make_site(seed, pitch, pitch_z, i, j, k); }},
                 size, 80, z);  // 80: mitochondria outside the page reach into it
}

/// One displacement: slow bends, small waves, and a little that each slice has for itself (cutting and alignment).
Pixels displacement(uint64_t seed, int size, int slice, float z) {
    Pixels sum = smooth_noise(subseed(seed, 1), size, 55, z);
    const Pixels waves = smooth_noise(subseed(seed, 2), size, 17, z);
    const Pixels own = smooth_noise(subseed(seed, 3), size, 40, 200.0 * slice);
    for (size_t i = 0; i < sum.values.size(); i++)
        sum.values[i] =
            std::clamp(9 * sum.values[i] + 3.0f * waves.values[i] + 1.2f * own.values[i], -largest_warp, largest_warp);
    return sum;
}

Pixels difference(const Pixels &a, Pixels b) {
    for (size_t i = 0; i < b.values.size(); i++) b.values[i] = a.values[i] - b.values[i];
    return b;
}

Bending bend(uint64_t seed, int size, int slice, float z) {
    const uint64_t along_x = subseed(seed, "bend x"_purpose), along_y = subseed(seed, "bend y"_purpose);
    Bending warp{displacement(along_x, size, slice, z), displacement(along_y, size, slice, z), {}, {}};
    warp.x_dz = difference(displacement(along_x, size, slice, z + 1), warp.x);
    warp.y_dz = difference(displacement(along_y, size, slice, z + 1), warp.y);
    return warp;
}

/// The walls of a page: how much of its darkness each pixel takes, and the labels.
struct Walls {
    Pixels darkness;  ///< 0 none .. 1 a full, upright wall
    Ids labels;
};

Walls make_walls(uint64_t seed, const Tessellation &cells, int slice, float z) {
    const int size = cells.wall.width;
    const Pixels width = smooth_noise(subseed(seed, "width"_purpose), size, 24, z);
    const Pixels stain = smooth_noise(subseed(seed, "stain"_purpose), size, 18, z);
    const Pixels density = smooth_noise(subseed(seed, "density"_purpose), size, 30, z);
    const Pixels ragged = smooth_noise(subseed(seed, "ragged"_purpose), size, 4, 100.0 * slice);
    Walls walls{Pixels(1, size, size), Ids(1, size, size)};
    for (int y = 0; y < size; y++)
        for (int x = 0; x < size; x++) {
            const float synapse = smooth_step(1.6f, 2.5f, density(x, y));  // thick dark patches
            const float half = std::clamp(2.0f + 0.5f * width(x, y), 1.3f, 3.4f) + 5 * synapse;
            const float smear = std::min(6 * cells.tilt(x, y), 16.0f);  // the section is 6 px thick in depth
            const float distance = std::max(cells.wall(x, y) + 0.45f * ragged(x, y), 0.0f);
            const float edge = half + smear / 2;
            const float coverage =
                std::clamp((edge + 0.7f - distance) / (1.4f + std::min(smear, 2 * half)), 0.0f, 1.0f);
            const float fade = 2 * half / std::max(2 * half, smear);
            const float strength = std::clamp(0.90f + 0.17f * stain(x, y), 0.35f, 1.1f) + 0.2f * synapse;
            walls.darkness(x, y) = coverage * fade * strength;
            walls.labels(x, y) = distance <= half + 0.25f * std::min(smear, 10.0f) ? 0 : 255;
        }
    return walls;
}

/// Cell pieces of less than `smallest` pixels are too thin to be told from their walls: they become wall, in image and
/// labels.
void fill_slivers(Walls &walls, uint32_t smallest) {
    const Pieces pieces = find_pieces(walls.labels, Touching::by_side);
    for (size_t i = 0; i < walls.labels.values.size(); i++)
        if (walls.labels.values[i] && pieces.all[pieces.index.values[i]].pixels < smallest) {
            walls.labels.values[i] = 0;
            walls.darkness.values[i] = std::max(walls.darkness.values[i], 0.6f);
        }
}

/// Gray of the cytoplasm without organelles: each cell has its own, some are dark and granular (glia).
Pixels cytoplasm(uint64_t seed, const Sites &sites, const Tessellation &cells, int slice, float z) {
    const int size = cells.wall.width;
    const Pixels clouds = smooth_noise(subseed(seed, "clouds"_purpose), size, 24, z);
    const Pixels texture = smooth_noise(subseed(seed, "texture"_purpose), size, 5, 50.0 * slice);
    const Pixels granules = smooth_noise(subseed(seed, "granules"_purpose), size, 2.6, 50.0 * slice);
    std::vector<float> gray(sites.size()), roughness(sites.size());
    for (uint32_t i = 0; i < sites.size(); i++) {
        Random cell(subseed(seed, "cell"_purpose), sites[i].key);
        const bool glia = cell.uniform() < 0.10 && sites[i].radius < 30;
        gray[i] = glia ? float(cell.uniform(100, 125)) : 155 + 9 * roughly_normal(cell);
        roughness[i] = glia ? 1.35f : float(cell.uniform(0.7, 1.2));
    }
    Pixels result(1, size, size);
    for (size_t i = 0; i < result.values.size(); i++) {
        const uint32_t owner = cells.owner.values[i];
        const float rough = 9 * texture.values[i] + 17 * granules.values[i];
        result.values[i] = gray[owner] + 8 * clouds.values[i] + roughness[owner] * rough;
    }
    return result;
}

void draw_walls(Pixels &gray, const Walls &walls) {
    for (size_t i = 0; i < gray.values.size(); i++) {
        const float share = std::min(walls.darkness.values[i], 1.0f);
        gray.values[i] += share * (46 - gray.values[i]) + 12 * (share - walls.darkness.values[i]);
    }
}

/// What the microscope adds: blur, grain, shading that drifts over the page and from slice to slice.
void photograph(Pixels &gray, uint64_t seed, int slice, float z) {
    const int size = gray.width;
    Random page(subseed(seed, "page"_purpose), uint64_t(slice));
    const float page_gain = 1 + 0.05f * roughly_normal(page), page_offset = 8 * roughly_normal(page);
    const Pixels light = smooth_noise(subseed(seed, "light"_purpose), size, 210, 3 * z);
    const Pixels contrast = smooth_noise(subseed(seed, "contrast"_purpose), size, 160, 3 * z);
    add_grain(gray, subseed(seed, "shot"_purpose) + uint64_t(slice), 25);
    blur(gray, 0.20f);
    add_grain(gray, subseed(seed, "camera"_purpose) + uint64_t(slice), 5);
    for (size_t i = 0; i < gray.values.size(); i++) {
        const float gain = page_gain * (1.12f + 0.1f * contrast.values[i]);
        gray.values[i] = 125 + gain * (gray.values[i] - 125) + page_offset + 10 * light.values[i];
    }
}

}  // namespace

SynthSlice synth_membranes(uint64_t seed, int size, int slice) {
    const float z = slice * slice_step;
    const Sites sites = neurites(subseed(seed, "sites"_purpose), size, z);
    const Bending warp = bend(seed, size, slice, z);
    const Tessellation cells = tessellate(sites, warp, z, 9);
    Walls walls = make_walls(seed, cells, slice, z);
    fill_slivers(walls, 50);

    Micrograph page{seed, slice, z, sites, warp, cells, cytoplasm(seed, sites, cells, slice, z)};
    draw_reticulum(page);
    draw_vesicles(page);
    draw_mitochondria(page);
    draw_walls(page.gray, walls);
    photograph(page.gray, seed, slice, z);
    return {to_bytes(page.gray), walls.labels};
}

}  // namespace unet
