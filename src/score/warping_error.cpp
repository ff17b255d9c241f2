#include "src/score/warping_error.h"
#include "src/base/sides.h"
#include "src/sample/pieces.h"
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

namespace unet {

namespace {

struct Step {
    int x, y;
};
constexpr std::array<Step, 8> around{{{-1, -1}, {0, -1}, {1, -1}, {-1, 0}, {1, 0}, {-1, 1}, {0, 1}, {1, 1}}};
constexpr bool is_side(Step step) { return step.x == 0 || step.y == 0; }

bool adjacent(Step a, Step b, bool by_corner) {
    const int x = std::abs(a.x - b.x), y = std::abs(a.y - b.y);
    return by_corner ? std::max(x, y) == 1 : x + y == 1;
}

/// Pieces of the eight neighbours in `members` (a bit each) that reach the pixel in their middle.
int pieces_around(unsigned members, bool by_corner) {
    int pieces = 0;
    for (unsigned left = members; left;) {
        unsigned piece = left & -left, grown = 0;
        while (piece != grown) {
            grown = piece;
            for (int i = 0; i < 8; i++)
                for (int j = 0; j < 8; j++)
                    if ((piece >> i & 1) && (left >> j & 1) && adjacent(around[i], around[j], by_corner))
                        piece |= 1u << j;
        }
        left &= ~piece;
        for (int i = 0; i < 8; i++)
            if ((piece >> i & 1) && (by_corner || is_side(around[i]))) {
                pieces++;
                break;
            }
    }
    return pieces;
}

/// For each set of neighbours that are object: whether flipping the middle leaves objects and holes what they are.
std::array<bool, 256> make_simple() {
    std::array<bool, 256> simple;
    for (unsigned objects = 0; objects < 256; objects++)
        simple[objects] = pieces_around(objects, false) == 1 && pieces_around(~objects & 255, true) == 1;
    return simple;
}

struct Mismatch {
    uint32_t pixel;
    double distance;  // from the threshold
};

/// The truth as an image of objects, and what is still to be warped.
class WarpedTruth {
public:
    WarpedTruth(const Ids &truth, const Pixels &inside, double threshold, const Classes &counted)
        : objects_(1, truth.width, truth.height) {
        for (int y = 0; y < truth.height; y++)
            for (int x = 0; x < truth.width; x++) {
                objects_(x, y) = is_object(truth, x, y);
                const bool counts = counted.values.empty() || counted(x, y);
                if (counts && (inside(x, y) > threshold) != (objects_(x, y) != 0))
                    mismatches_.push_back({uint32_t(truth.index(0, x, y)), std::abs(double(inside(x, y)) - threshold)});
            }
        std::stable_sort(mismatches_.begin(), mismatches_.end(),
                         [](const Mismatch &a, const Mismatch &b) { return a.distance > b.distance; });
        flip_simple_ones();
    }

    const Ids &objects() const { return objects_; }  // 0 and 1
    const std::vector<Mismatch> &mismatches() const { return mismatches_; }

private:
    static bool is_object(const Ids &truth, int x, int y) {
        const uint32_t id = truth(x, y);
        if (!id) return false;
        bool alone = true;
        for_each_side(truth, x, y, [&](int u, int v) { alone &= !truth(u, v) || truth(u, v) == id; });
        return alone;
    }

    /// `visit(bit, u, v)` for the neighbours inside the image.
    template<class Visit>
    void for_each_neighbour(uint32_t pixel, Visit visit) const {
        const int x = int(pixel % uint32_t(objects_.width)), y = int(pixel / uint32_t(objects_.width));
        for (int i = 0; i < 8; i++) {
            const int u = x + around[i].x, v = y + around[i].y;
            if (u >= 0 && v >= 0 && u < objects_.width && v < objects_.height) visit(i, u, v);
        }
    }

    bool is_simple(uint32_t pixel) const {
        static const std::array<bool, 256> simple = make_simple();
        unsigned neighbours = 0;
        for_each_neighbour(pixel, [&](int bit, int u, int v) { neighbours |= objects_(u, v) << bit; });
        return simple[neighbours];
    }

    // Rounds through the mismatches in their order, until one flips nothing. A pixel is looked at again only after a
    // neighbour was flipped, for nothing else decides about it: time grows with the mismatches, not with rounds.
    void flip_simple_ones() {
        constexpr uint32_t none = ~0u;
        Ids rank(1, objects_.width, objects_.height, none);  // of the mismatch at a pixel
        std::priority_queue<uint32_t, std::vector<uint32_t>, std::greater<>> now;
        std::vector<uint32_t> later;
        enum : uint8_t { waits, in_this_round, in_the_next, flipped };
        std::vector<uint8_t> state(mismatches_.size(), in_this_round);
        for (uint32_t r = 0; r < mismatches_.size(); r++) {
            rank.values[mismatches_[r].pixel] = r;
            now.push(r);
        }
        while (!now.empty()) {
            const uint32_t r = now.top();
            now.pop();
            state[r] = waits;
            if (is_simple(mismatches_[r].pixel)) {
                objects_.values[mismatches_[r].pixel] ^= 1;
                state[r] = flipped;
                for_each_neighbour(mismatches_[r].pixel, [&](int, int u, int v) {
                    const uint32_t beside = rank(u, v);
                    if (beside == none || state[beside] != waits) return;
                    state[beside] = beside > r ? in_this_round : in_the_next;
                    if (beside > r) now.push(beside);
                    else later.push_back(beside);
                });
            }
            if (!now.empty()) continue;
            for (const uint32_t next : later) state[next] = in_this_round, now.push(next);
            later.clear();
        }
        size_t left = 0;
        for (size_t r = 0; r < mismatches_.size(); r++)
            if (state[r] != flipped) mismatches_[left++] = mismatches_[r];
        mismatches_.resize(left);
    }

    Ids objects_;
    std::vector<Mismatch> mismatches_;
};

/// Pixels without which the object they belong to falls apart (cut vertices of the graph of sides).
/// Source   Hopcroft, Tarjan 1973
class CutPixels {
public:
    explicit CutPixels(const Ids &objects)
        : objects_(objects), found_(objects.values.size(), 0), low_(objects.values.size(), 0),
          cuts_(objects.values.size(), false) {
        for (uint32_t i = 0; i < objects.values.size(); i++)
            if (objects.values[i] && !found_[i]) search(i);
    }
    bool operator()(uint32_t pixel) const { return cuts_[pixel]; }

private:
    struct Visit {
        uint32_t pixel, parent;
        int next_side = 0;
    };

    void search(uint32_t root) {
        int children_of_root = 0;
        std::vector<Visit> path{{root, root}};
        found_[root] = low_[root] = ++time_;
        while (!path.empty()) {
            Visit &visit = path.back();
            if (const auto side = next_object(visit)) {
                if (found_[*side]) {
                    if (*side != visit.parent) low_[visit.pixel] = std::min(low_[visit.pixel], found_[*side]);
                } else {
                    found_[*side] = low_[*side] = ++time_;
                    path.push_back({*side, visit.pixel});
                }
                continue;
            }
            const Visit done = visit;
            path.pop_back();
            if (done.pixel == root) continue;
            low_[done.parent] = std::min(low_[done.parent], low_[done.pixel]);
            if (done.parent == root) children_of_root++;
            else if (low_[done.pixel] >= found_[done.parent]) cuts_[done.parent] = true;
        }
        cuts_[root] = children_of_root > 1;
    }

    std::optional<uint32_t> next_object(Visit &visit) const {
        const int x = int(visit.pixel % uint32_t(objects_.width)), y = int(visit.pixel / uint32_t(objects_.width));
        while (visit.next_side < int(around.size())) {
            const Step step = around[size_t(visit.next_side++)];
            const int u = x + step.x, v = y + step.y;
            if (!is_side(step) || u < 0 || v < 0 || u >= objects_.width || v >= objects_.height) continue;
            if (objects_(u, v)) return uint32_t(objects_.index(0, u, v));
        }
        return {};
    }

    const Ids &objects_;
    std::vector<uint32_t> found_, low_;
    std::vector<bool> cuts_;
    uint32_t time_ = 0;
};

bool joins(const Ids &pieces, int x, int y) {
    uint32_t first = 0;
    bool joins = false;
    for_each_side(pieces, x, y, [&](int u, int v) {
        const uint32_t piece = pieces(u, v);
        joins |= first && piece && piece != first;
        if (piece) first = piece;
    });
    return joins;
}

}  // namespace

double warping_error(const Ids &truth, const Pixels &inside, double threshold, const Classes &counted) {
    const WarpedTruth warped(truth, inside, threshold, counted);
    if (warped.mismatches().empty()) return 0;
    const Ids &objects = warped.objects(), pieces = connected_components(objects, Touching::by_side);
    const CutPixels cuts(objects);
    const auto wrong = std::count_if(warped.mismatches().begin(), warped.mismatches().end(), [&](const Mismatch &at) {
        const int x = int(at.pixel % uint32_t(truth.width)), y = int(at.pixel / uint32_t(truth.width));
        return objects.values[at.pixel] ? cuts(at.pixel) : joins(pieces, x, y);
    });
    const auto judged = counted.values.empty()
                            ? std::ptrdiff_t(truth.values.size())
                            : std::count_if(counted.values.begin(), counted.values.end(), [](auto c) { return c; });
    return double(wrong) / double(judged);
}

}  // namespace unet
