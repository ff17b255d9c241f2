#include "src/sample/synth_culture.h"
#include "src/sample/synth_drawing.h"
#include "src/sample/synth_noise.h"

namespace unet {

namespace {

/// Optical thickness of the cells. Interference contrast shows its slope from upper left to lower right.
Pixels thickness(const Culture &culture) {
    const int size = culture.labels.width;
    const Pixels folds = smooth_noise(subseed(culture.seed, "folds"_purpose), size, 13, 2.0 * culture.frame);
    Pixels result(1, size, size);
    for (size_t i = 0; i < result.values.size(); i++) {
        const uint32_t number = culture.labels.values[i];
        if (!number) continue;
        const bool round = culture.cells[number - 1].round;
        const float rise = std::min(culture.edge.values[i] / (round ? 22 : 16), 1.0f);
        result.values[i] = (round ? 34 : 9) * rise * (2 - rise) + 1.6f * rise * folds.values[i];
    }
    return result;
}

/// A dome with a rim, and one to three nucleoli in it.
void add_nucleus(Pixels &height, const Culture &culture, uint32_t number) {
    const CultureCell &cell = culture.cells[number - 1];
    Random random(subseed(culture.seed, "nucleus"_purpose), cell.key);
    const float radius = std::sqrt(cell.area) * float(random.uniform(0.22, 0.30)),
                wide = float(random.uniform(1, 1.35));
    const Direction axis(random);
    const float x0 = cell.x + radius * float(random.uniform(-0.4, 0.4)),
                y0 = cell.y + radius * float(random.uniform(-0.4, 0.4));
    struct Spot {
        float x, y, radius;
    };
    std::vector<Spot> nucleoli(1 + random.below(3));
    for (Spot &spot : nucleoli)
        spot = {float(random.uniform(-0.5, 0.5)), float(random.uniform(-0.5, 0.5)), float(random.uniform(2.5, 4.5))};
    for_pixels_around(height.width, height.height, x0, y0, radius * wide, [&](int x, int y) {
        if (culture.labels(x, y) != number) return;
        const float along = ((x - x0) * axis.x + (y - y0) * axis.y) / wide,
                    aside = (y - y0) * axis.x - (x - x0) * axis.y;
        const float inside = radius - std::sqrt(along * along + aside * aside);
        if (inside <= 0) return;
        const float rise = std::min(inside / 6, 1.0f);
        float bump = 3.6f * rise * (2 - rise) + 1.6f * stroke(inside - 1.5f, 1.5f);
        for (const Spot &spot : nucleoli) {
            const float dx = along - spot.x * radius, dy = aside - spot.y * radius;
            bump += 6 * std::max(1 - (dx * dx + dy * dy) / (spot.radius * spot.radius), 0.0f);
        }
        height(x, y) += bump * std::min(culture.edge(x, y) / 8, 1.0f);
    });
}

/// The slope of `height` along the diagonal, in gray values.
Pixels relief(const Pixels &height, float strength) {
    const int size = height.width;
    Pixels gray(1, size, size);
    for (int y = 0; y < size; y++)
        for (int x = 0; x < size; x++) {
            const float ahead = height(std::min(x + 1, size - 1), std::min(y + 1, size - 1));
            gray(x, y) = strength * (height(std::max(x - 1, 0), std::max(y - 1, 0)) - ahead);
        }
    return gray;
}

/// Grains inside the cells, dark and bright lines along their borders, the halo around them.
void add_phase(Pixels &gray, const Culture &culture) {
    const int size = gray.width;
    const Pixels grains = smooth_noise(subseed(culture.seed, "grains"_purpose), size, 3.2, 40.0 * culture.frame);
    const Pixels clumps = smooth_noise(subseed(culture.seed, "clumps"_purpose), size, 7, 4.0 * culture.frame);
    const Pixels rim = smooth_noise(subseed(culture.seed, "rim"_purpose), size, 26, 3.0 * culture.frame);
    const Pixels halo = smooth_noise(subseed(culture.seed, "halo"_purpose), size, 40, 3.0 * culture.frame);
    std::vector<float> offset, roughness;
    for (const CultureCell &cell : culture.cells) {
        Random random(subseed(culture.seed, "cell"_purpose), cell.key);
        offset.push_back(cell.round ? 17 : 1.5f * roughly_normal(random));
        roughness.push_back(cell.round ? 2.2f : float(random.uniform(0.6, 1.4)));
    }
    for (size_t i = 0; i < gray.values.size(); i++) {
        const float edge = culture.edge.values[i], strength = smooth_step(-1.2f, 1.6f, rim.values[i]);
        if (const uint32_t number = culture.labels.values[i]) {
            const float texture = 4.4f * grains.values[i] + 3.4f * clumps.values[i];
            gray.values[i] += offset[number - 1] + roughness[number - 1] * std::min(edge / 6, 1.0f) * texture;
            const bool round = culture.cells[number - 1].round;
            gray.values[i] += (round ? 48 : 13 * strength) * stroke(edge - (round ? 4 : 2.2f), round ? 4 : 2);
            gray.values[i] -= (round ? 40 : 12 * (1 - strength)) * stroke(edge, round ? 2.5f : 2);
        } else {
            gray.values[i] -= 15 * strength * stroke(edge + 1.2f, 2.2f);
            gray.values[i] += 5 * smooth_step(-0.5f, 1.5f, halo.values[i]) * stroke(edge + 5, 9);
        }
    }
}

/// The dark ring that a thick round cell throws around itself, over its neighbours too.
void add_shadows(Pixels &gray, const Culture &culture) {
    for (uint32_t number = 1; number <= culture.cells.size(); number++) {
        const CultureCell &cell = culture.cells[number - 1];
        if (!cell.round) continue;
        const float radius = std::sqrt(cell.area / 3.14159f);
        for_pixels_around(gray.width, gray.height, cell.x, cell.y, radius + 14, [&](int x, int y) {
            if (culture.labels(x, y) == number) return;
            const float dx = x - cell.x, dy = y - cell.y, beyond = std::sqrt(dx * dx + dy * dy) - radius;
            gray(x, y) += 9 * stroke(beyond - 8, 5) - 34 * stroke(beyond - 2, 4);
        });
    }
}

/// One droplet: a disc and a ring of the opposite sign, as focus has it.
void add_droplet(Pixels &gray, float x0, float y0, float radius, float strength) {
    for_pixels_around(gray.width, gray.height, x0, y0, radius + 3, [&](int x, int y) {
        const float dx = x - x0, dy = y - y0, distance = std::sqrt(dx * dx + dy * dy);
        gray(x, y) += strength * (smooth_step(radius + 0.7f, radius - 0.7f, distance) -
                                  0.45f * stroke(distance - radius - 1.2f, 1.4f));
    });
}

/// Droplets lie in a few clusters of a cell.
void add_droplets(Pixels &gray, const Culture &culture, uint32_t number) {
    const CultureCell &cell = culture.cells[number - 1];
    Random random(subseed(culture.seed, "droplets"_purpose), cell.key);
    const float habit = float(random.uniform());
    const int clusters = habit < 0.4f ? 0 : int(1 + random.below(4));
    const float extent = std::sqrt(cell.area) / 2;
    for (int cluster = 0; cluster < clusters; cluster++) {
        const Direction direction(random);
        const float far = extent * float(random.uniform(0.5, 0.95));
        const float x0 = cell.x + far * direction.x, y0 = cell.y + far * direction.y;
        for (uint64_t left = 2 + random.below(7); left > 0; left--) {
            const float x = x0 + 7 * roughly_normal(random), y = y0 + 7 * roughly_normal(random);
            const float radius = float(random.uniform(0.9, 2.9));
            const float strength = (random.uniform() < 0.6 ? -1 : 1) * float(random.uniform(25, 75));
            const bool on_page = x >= 0 && y >= 0 && x < gray.width && y < gray.height;
            if (on_page && culture.labels(int(x), int(y)) == number && culture.edge(int(x), int(y)) > 4)
                add_droplet(gray, x, y, radius, strength);
        }
    }
}

/// Fibres by which a cell holds on to the dish: thin bent lines from its border outwards. They belong to the
/// background.
void add_fibres(Pixels &gray, const Culture &culture, uint32_t number) {
    const CultureCell &cell = culture.cells[number - 1];
    Random random(subseed(culture.seed, "fibres"_purpose), cell.key);
    for (uint64_t left = random.below(26); left > 0; left--) {
        const Direction start(random);
        const float turn = 0.03f * roughly_normal(random), strength = float(random.uniform(-15, 20));
        float x = cell.x, y = cell.y, dx = start.x, dy = start.y;
        int beyond = 0;
        const int length = int(random.uniform(6, 40));
        for (int step = 0; step < 200 && beyond < length; step++) {
            if (x < 0 || y < 0 || x >= gray.width || y >= gray.height) break;
            const uint32_t here = culture.labels(int(x), int(y));
            if (here && here != number) break;
            if (!here) {
                beyond++;
                const float fading = 1 - float(beyond) / length, bent = turn;
                for_pixels_around(gray.width, gray.height, x, y, 1.5f, [&](int px, int py) {
                    const float distance = std::sqrt((px - x) * (px - x) + (py - y) * (py - y));
                    gray(px, py) += 0.8f * fading * strength * stroke(distance, 1.5f);
                });
                const float old = dx;
                dx -= bent * dy, dy += bent * old;
            }
            x += dx, y += dy;
        }
    }
}

/// Specks of dirt on the dish.
void add_debris(Pixels &gray, const Culture &culture) {
    const int size = gray.width, pitch = 90;
    for (int j = 0; j * pitch < size; j++)
        for (int i = 0; i * pitch < size; i++) {
            Random random = random_at(subseed(culture.seed, "debris"_purpose), i, j, 0);
            const float x = pitch * (i + float(random.uniform())), y = pitch * (j + float(random.uniform()));
            const float radius = float(random.uniform(0.5, 2.6)), strength = float(random.uniform(-28, 22));
            if (random.uniform() < 0.4) add_droplet(gray, x, y, radius, strength);
        }
}

}  // namespace

Pixels photograph(const Culture &culture) {
    const int size = culture.labels.width;
    Pixels height = thickness(culture);
    for (uint32_t number = 1; number <= culture.cells.size(); number++)
        if (!culture.cells[number - 1].round) add_nucleus(height, culture, number);
    blur(height, 0.25f);
    Pixels gray = relief(height, 3.2f);
    add_phase(gray, culture);
    for (uint32_t number = 1; number <= culture.cells.size(); number++) {
        add_droplets(gray, culture, number);
        add_fibres(gray, culture, number);
    }
    add_debris(gray, culture);
    add_shadows(gray, culture);
    blur(gray, 0.18f);
    const Pixels light = smooth_noise(subseed(culture.seed, "light"_purpose), size, 260, 0.5 * culture.frame);
    add_grain(gray, subseed(culture.seed, "camera"_purpose) + uint64_t(culture.frame), 2.4f);
    for (size_t i = 0; i < gray.values.size(); i++) gray.values[i] += 119 + 2.5f * light.values[i];
    return gray;
}

}  // namespace unet
