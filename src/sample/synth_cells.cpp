#include "src/sample/synth_cells.h"
#include "src/sample/pieces.h"
#include "src/sample/synth_culture.h"
#include "src/sample/synth_drawing.h"
#include "src/sample/synth_noise.h"
#include "src/sample/synth_tessellation.h"

namespace unet {

namespace {

constexpr float absent = -1e6f;  // radius of a node without a cell: further away than anything
constexpr float elbow_room =
    12;  // pixels by which a round cell claims more than it fills, so that neighbours leave it round

Site make_site(uint64_t seed, float pitch, int i, int j) {
    Random random = random_at(seed, i, j, 0);
    Site site;
    site.position = {pitch * (i + float(random.uniform())), pitch * (j + float(random.uniform())), 0};
    const float kind = float(random.uniform()), amount = float(random.uniform());
    const bool round = kind < 0.07f;
    site.radius = kind > 0.62f ? absent : round ? 24 + 8 * amount + elbow_room : 32 + 24 * amount;
    const float elongation = round ? 1.1f : 1 + 1.1f * float(random.uniform());
    site.stretch = 1 - 1 / (elongation * elongation);
    const Direction axis(random);
    site.axis = {axis.x, axis.y, 0};
    site.key = random.bits() << 1 | round;
    return site;
}

/// Slow bends that change with time, and the rough outline of each frame.
Pixels displacement(uint64_t seed, int size, int frame) {
    Pixels sum = smooth_noise(subseed(seed, 1), size, 75, 5.0 * frame);
    const Pixels bumps = smooth_noise(subseed(seed, 2), size, 22, 3.0 * frame);
    const Pixels rough = smooth_noise(subseed(seed, 3), size, 6, 3.0 * frame);
    for (size_t i = 0; i < sum.values.size(); i++)
        sum.values[i] = std::clamp(10 * sum.values[i] + 2.8f * bumps.values[i] + 1.1f * rough.values[i], -largest_warp,
                                   largest_warp);
    return sum;
}

Bending crawl(uint64_t seed, int size, int frame) {
    return {displacement(subseed(seed, "crawl x"_purpose), size, frame),
            displacement(subseed(seed, "crawl y"_purpose), size, frame), Pixels(1, size, size), Pixels(1, size, size)};
}

bool is_round(const Site &site) { return site.key & 1; }

/// How deep inside its owner each pixel lies, in pixels; negative outside.
Pixels depth_inside(const Tessellation &found, const Sites &sites) {
    Pixels depth = found.depth;
    for (size_t i = 0; i < depth.values.size(); i++)
        depth.values[i] = -depth.values[i] - (is_round(sites[found.owner.values[i]]) ? elbow_room : 0);
    return depth;
}

/// For each piece, whether it is the largest of its cell and not a speck. Ties go to the first.
std::vector<bool> main_pieces(const Pieces &pieces, const Ids &owners) {
    constexpr uint32_t speck = 40;  // pixels
    std::vector<uint32_t> owner(pieces.all.size());
    for (size_t i = 0; i < owners.values.size(); i++) owner[pieces.index.values[i]] = owners.values[i];
    std::vector<uint32_t> best;
    for (uint32_t piece = 0; piece < owner.size(); piece++) {
        if (owner[piece] >= best.size()) best.resize(owner[piece] + 1, piece);
        if (pieces.all[piece].pixels > pieces.all[best[owner[piece]]].pixels ||
            owner[best[owner[piece]]] != owner[piece])
            best[owner[piece]] = piece;
    }
    std::vector<bool> kept(owner.size());
    for (uint32_t piece = 0; piece < owner.size(); piece++)
        kept[piece] = owner[piece] > 0 && best[owner[piece]] == piece && pieces.all[piece].pixels >= speck;
    return kept;
}

/// Numbers the cells: one piece each, in the order of their first pixels.
void number_cells(Culture &culture, const Pixels &depth, const Tessellation &found, const Sites &sites) {
    Ids owners = culture.labels;
    for (size_t i = 0; i < owners.values.size(); i++)
        owners.values[i] = depth.values[i] > 0 ? found.owner.values[i] + 1 : 0;
    const Pieces pieces = find_pieces(owners, Touching::by_side);
    const std::vector<bool> kept = main_pieces(pieces, owners);
    std::vector<uint32_t> number(pieces.all.size(), 0);
    for (size_t i = 0; i < owners.values.size(); i++) {
        const uint32_t piece = pieces.index.values[i];
        if (!kept[piece]) continue;
        if (!number[piece]) {
            const Site &site = sites[found.owner.values[i]];
            culture.cells.push_back(
                {.area = float(pieces.all[piece].pixels), .round = is_round(site), .key = site.key});
            number[piece] = uint32_t(culture.cells.size());
        }
        culture.labels.values[i] = number[piece];
    }
}

void find_centres(Culture &culture) {
    std::vector<double> x_sum(culture.cells.size()), y_sum(culture.cells.size());
    for (int y = 0; y < culture.labels.height; y++)
        for (int x = 0; x < culture.labels.width; x++)
            if (const uint32_t number = culture.labels(x, y)) {
                x_sum[number - 1] += x;
                y_sum[number - 1] += y;
            }
    for (size_t i = 0; i < culture.cells.size(); i++) {
        culture.cells[i].x = float(x_sum[i] / culture.cells[i].area);
        culture.cells[i].y = float(y_sum[i] / culture.cells[i].area);
    }
}

}  // namespace

SynthSlice synth_cells(uint64_t seed, int size, int slice) {
    const uint64_t site_seed = subseed(seed, "sites"_purpose);
    const float pitch = 86;
    const Sites sites({.pitch = pitch,
                       .pitch_z = 1,
                       .reach = 330,
                       .flat = true,
                       .site = [=](int i, int j, int) { return make_site(site_seed, pitch, i, j); }},
                      size, largest_warp, 0);
    const Tessellation found = tessellate(sites, crawl(seed, size, slice), 0, 6);

    Culture culture{seed, slice, Ids(1, size, size), {}, Pixels(1, size, size)};
    const Pixels depth = depth_inside(found, sites);
    number_cells(culture, depth, found, sites);
    find_centres(culture);
    for (size_t i = 0; i < culture.edge.values.size(); i++) {
        const float inside = depth.values[i];
        culture.edge.values[i] =
            culture.labels.values[i] ? std::min(inside, found.wall.values[i]) : std::min(inside, 0.0f);
    }
    return {to_bytes(photograph(culture)), culture.labels};
}

}  // namespace unet
