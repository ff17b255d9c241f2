#include "src/sample/synth_drawing.h"
#include "src/sample/synth_noise.h"
#include "src/sample/synth_organelles.h"

namespace unet {

namespace {

constexpr float pitch = 76;     // pixels between the places where a mitochondrion may be
constexpr float clearance = 5;  // pixels of cytoplasm between a wall and what lies inside
constexpr float largest = 44;   // semi-axis, pixels

float fraction(float value) { return value - std::floor(value); }

struct Mitochondrion {
    Point centre;
    Direction axis;               // of the length; the height stands on the plane
    float length, width, height;  // semi-axes, pixels
    float gray, phase, period;
    uint32_t owner;
    bool across;  // cristae across the axis instead of along it

    /// Nearly the distance to the surface, negative inside; `along` and `aside` are the coordinates in the plane.
    float distance(const Point &point, float &along, float &aside) const {
        const float dx = point.x - centre.x, dy = point.y - centre.y, dz = point.z - centre.z;
        along = dx * axis.x + dy * axis.y;
        aside = dy * axis.x - dx * axis.y;
        const float a = along / length, b = aside / width, c = dz / height;
        const float level = std::sqrt(a * a + b * b + c * c);
        const float slope = std::sqrt(a * a / (length * length) + b * b / (width * width) + c * c / (height * height));
        return slope > 0 ? level * (level - 1) / slope : -std::min(length, width);
    }
};

/// Noise fields that the mitochondria of a page share.
struct Unevenness {
    Pixels bend, broken, grain;
};

/// Gray `inside` px below the surface, at (along, aside) of the axes; the last three are of `Unevenness`.
float mitochondrion_gray(const Mitochondrion &body, float inside, float along, float aside, float bend, float broken,
                         float grain) {
    const float across = (body.across ? along : aside) / body.period + 0.45f * bend + body.phase;
    const float lane = stroke(fraction(across) - 0.5f, 0.34f);
    const float crista = lane * smooth_step(-1.2f, 0.5f, broken) * smooth_step(4, 7, inside);
    const float inner = 0.8f * stroke(inside - 4.6f, 1.6f), cleft = 0.55f * stroke(inside - 2.7f, 1.3f);
    const float outer = 0.9f * stroke(inside - 1, 1.6f);
    const float matrix = body.gray + 8 * grain;
    return mix(mix(mix(mix(matrix, body.gray + 100, crista), body.gray - 28, inner), 128, cleft), 52, outer);
}

void draw(Micrograph &page, const Mitochondrion &body, const Unevenness &uneven) {
    const float around = body.length + largest_warp;
    for_pixels_around(page.gray.width, page.gray.height, body.centre.x, body.centre.y, around, [&](int x, int y) {
        if (page.cells.owner(x, y) != body.owner) return;
        float along, aside;
        const Point point{x + page.warp.x(x, y), y + page.warp.y(x, y), page.z};
        const float inside = std::min(-body.distance(point, along, aside), page.cells.wall(x, y) - clearance);
        if (inside <= -1) return;
        const float gray =
            mitochondrion_gray(body, inside, along, aside, uneven.bend(x, y), uneven.broken(x, y), uneven.grain(x, y));
        page.gray(x, y) = mix(page.gray(x, y), gray, smooth_step(-1, 0.5f, inside));
    });
}

/// What the node of the lattice holds, cut down to what its cell has room for. False where it holds nothing or is out
/// of sight.
bool place(Mitochondrion &body, const Micrograph &page, Random random, int i, int j, int k) {
    if (random.uniform() > 0.9) return false;
    const auto jitter = [&](int node) { return pitch * (node + float(random.uniform())); };
    body.centre = {jitter(i), jitter(j), jitter(k)};
    body.axis = Direction(random);
    body.length = float(random.uniform(18, largest));
    body.width = float(random.uniform(15, 30));
    body.height = float(random.uniform(16, 40));
    body.gray = float(random.uniform(66, 92));
    body.phase = float(random.uniform());
    body.period = float(random.uniform(5.5, 8.5));
    body.across = random.uniform() < 0.3;
    if (std::abs(body.centre.z - page.z) >= body.height) return false;
    const Nearest nearest = nearest_site(page.sites, body.centre);
    body.owner = nearest.site;
    body.length = std::min(body.length, 0.75f * nearest.gap + 7);
    body.width = std::min(body.width, body.length);
    return nearest.gap >= 17;  // small cells have none
}

}  // namespace

void draw_mitochondria(Micrograph &page) {
    const int size = page.gray.width;
    const uint64_t seed = subseed(page.seed, "mito"_purpose);
    const Unevenness uneven{smooth_noise(subseed(seed, 1), size, 14, page.z),
                            smooth_noise(subseed(seed, 2), size, 5, page.z),
                            smooth_noise(subseed(seed, 3), size, 2.2, 4.0 * page.slice)};
    const auto node = [](float position) { return int(std::floor(position / pitch)); };
    const int first = node(-largest - largest_warp), last = node(size + largest + largest_warp);
    for (int k = node(page.z - largest); k <= node(page.z + largest); k++)
        for (int j = first; j <= last; j++)
            for (int i = first; i <= last; i++) {
                Mitochondrion body;
                if (place(body, page, random_at(seed, i, j, k), i, j, k)) draw(page, body, uneven);
            }
}

}  // namespace unet
