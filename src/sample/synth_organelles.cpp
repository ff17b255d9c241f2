#include "src/sample/synth_organelles.h"
#include "src/sample/synth_drawing.h"
#include "src/sample/synth_noise.h"

namespace unet {

namespace {

struct Vesicle {
    float x, y, radius, core, darkness;  // core: share of the darkness that its middle has
};

void draw(Pixels &gray, const Vesicle &vesicle) {
    const float half_width = 1.5f, around = vesicle.radius + half_width;
    for_pixels_around(gray.width, gray.height, vesicle.x, vesicle.y, around, [&](int x, int y) {
        const float dx = x - vesicle.x, dy = y - vesicle.y, distance = std::sqrt(dx * dx + dy * dy);
        const float core = distance < vesicle.radius ? vesicle.core : 0;
        gray(x, y) -= vesicle.darkness * std::max(stroke(distance - vesicle.radius, half_width), core);
    });
}

/// Calls draw_one(random, x, y) for each node of a jittered lattice of the page that lies at least `room` px from all
/// walls.
template<class Draw>
void scatter(const Micrograph &page, uint64_t seed, int pitch, float room, Draw draw_one) {
    const int size = page.gray.width;
    for (int j = 0; j * pitch < size; j++)
        for (int i = 0; i * pitch < size; i++) {
            Random random = random_at(seed, i, j, page.slice);
            const float x = pitch * (i + float(random.uniform())), y = pitch * (j + float(random.uniform()));
            if (x < size && y < size && page.cells.wall(int(x), int(y)) >= room) draw_one(random, x, y);
        }
}

}  // namespace

void draw_vesicles(Micrograph &page) {
    const int size = page.gray.width;
    const uint64_t seed = subseed(page.seed, "vesicles"_purpose);
    const Pixels crowd = smooth_noise(subseed(seed, 1), size, 45, page.z);
    scatter(page, subseed(seed, 2), 5, 2, [&](Random &random, float x, float y) {  // dots
        if (random.uniform() > 0.30) return;
        const float strength = float(random.uniform(18, 85));
        draw(page.gray, {x, y, float(random.uniform(0, 0.6)), 1, strength});
    });
    scatter(page, subseed(seed, 3), 10, 7, [&](Random &random, float x, float y) {  // vesicles
        Random cell(subseed(seed, 4), page.sites[page.cells.owner(int(x), int(y))].key);
        const float habit = float(cell.uniform());  // of the cell: most have few vesicles, some are full of them
        const float share = (habit < 0.55f   ? 0.07f
                             : habit < 0.85f ? 0.22f
                                             : 0.6f) *
                            smooth_step(-1.6f, 1.2f, crowd(int(x), int(y)));
        if (random.uniform() > 1.5f * share) return;
        const float core = random.uniform() < 0.15 ? 0.9f : float(random.uniform(0.0, 0.4));
        draw(page.gray, {x, y, float(random.uniform(2.2, 4.4)), core, float(random.uniform(40, 95))});
    });
}

void draw_reticulum(Micrograph &page) {
    const int size = page.gray.width;
    const uint64_t seed = subseed(page.seed, "tubes"_purpose);
    const Pixels level = smooth_noise(subseed(seed, 1), size, 34, page.z);
    const Pixels present = smooth_noise(subseed(seed, 2), size, 30, page.z);
    for (int y = 0; y < size; y++)
        for (int x = 0; x < size; x++) {
            const float share = smooth_step(1.0f, 1.5f, present(x, y)) * smooth_step(5, 9, page.cells.wall(x, y));
            if (share <= 0) continue;
            // Both sides of a level line of the noise. A fixed slope of 0.05 per pixel is near enough to a constant
            // width.
            const float distance = std::abs(level(x, y)) / 0.05f;
            page.gray(x, y) += share * (14 * stroke(distance, 1.5f) - 42 * stroke(distance - 2.6f, 1.5f));
        }
}

}  // namespace unet
