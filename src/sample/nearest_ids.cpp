#include "src/sample/nearest_ids.h"
#include "src/base/error.h"
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>

namespace unet {

namespace {

constexpr int largest_side = 1 << 15;
constexpr int nowhere = 2 * largest_side - 1;  // a distance beyond all others, in 16 bits

constexpr int strip = 32;  // columns at a time: what is kept of them stays in the second-level cache

/// A pixel's nearest id in its own column, 0: none, and the distances to it and to the second nearest one. Small and,
/// in an image, not set to 0 at first, for memory's sake: 1024 x 1024 weights in 77 -> 63 ms (Zen 3, 2026-11-26).
struct NearestInColumn {
    uint32_t id;
    uint16_t first, second;
};
using NearestInColumns = std::unique_ptr<NearestInColumn[]>;

/// The nearest id of `strip` pixels side by side, and how far the second nearest one is. Loops without branches, which
/// compilers turn into vectors.
struct TwoNearest {
    std::array<uint32_t, strip> id{};
    std::array<int, strip> first, second;
    TwoNearest() {
        first.fill(nowhere);
        second.fill(nowhere);
    }

    /// Goes on to the pixels beside, which have these ids.
    void step_to(const uint32_t *ids) {
        for (int x = 0; x < strip; x++) {
            const bool none = ids[x] == 0, keeps = none | (ids[x] == id[x]);
            second[x] = (keeps ? second[x] : first[x]) + 1;
            id[x] = none ? id[x] : ids[x];
            first[x] = none ? first[x] + 1 : 0;
        }
    }
};

/// The nearest of what was seen from above and from below.
struct Merged {
    std::array<uint32_t, strip> id;
    std::array<int, strip> first, second;

    Merged(const TwoNearest &above, const TwoNearest &below) {
        for (int x = 0; x < strip; x++) {
            const bool up = above.first[x] <= below.first[x], same = above.id[x] == below.id[x];
            const int near_second = up ? above.second[x] : below.second[x];
            const int far_first = up ? below.first[x] : above.first[x];
            const int far_second = up ? below.second[x] : above.second[x];
            id[x] = up ? above.id[x] : below.id[x];
            first[x] = up ? above.first[x] : below.first[x];
            second[x] = std::min(near_second, same ? far_second : far_first);
        }
    }
};

NearestInColumns nearest_in_columns(const Ids &ids) {
    const size_t width = size_t(ids.width);
    auto nearest = std::make_unique_for_overwrite<NearestInColumn[]>(width * size_t(ids.height));
    std::vector<TwoNearest> above(size_t(ids.height));
    std::array<uint32_t, strip> row{};  // 0 where the image ends
    for (int left = 0; left < ids.width; left += strip) {
        const int count = std::min(strip, ids.width - left);
        const auto step = [&](TwoNearest &passed, int y) {
            std::copy_n(ids.row(y) + left, count, row.begin());
            passed.step_to(row.data());
        };
        row.fill(0);
        TwoNearest passed, below;
        for (int y = 0; y < ids.height; y++) {
            step(passed, y);
            above[size_t(y)] = passed;
        }
        for (int y = ids.height; y-- > 0;) {
            step(below, y);
            const Merged merged(above[size_t(y)], below);
            NearestInColumn *out = &nearest[size_t(y) * width + size_t(left)];
            for (int x = 0; x < count; x++)
                out[x] = {merged.id[x], uint16_t(std::min(merged.first[x], nowhere)),
                          uint16_t(std::min(merged.second[x], nowhere))};
        }
    }
    return nearest;
}

/// The lowest of parabolas (x - centre)^2 + height, over whole x. Centres are added from left to right.
class LowerEnvelope {
public:
    struct Piece {
        int centre, begin;  // lowest from `begin` on
        int64_t height;
        int64_t at(int x) const { return int64_t(x - centre) * (x - centre) + height; }
    };

    void clear() { pieces_.clear(); }
    void add(int centre, int64_t height) {
        const Piece added{centre, 0, height};
        while (!pieces_.empty() && added.at(pieces_.back().begin) < pieces_.back().at(pieces_.back().begin))
            pieces_.pop_back();
        const int begin = pieces_.empty() ? 0 : first_below(pieces_.back(), added);
        if (begin < nowhere) pieces_.push_back({centre, begin, height});
    }
    const std::vector<Piece> &pieces() const { return pieces_; }

private:
    /// The first x at which `right`, whose centre lies further right, is lower than `left`; not before the first one.
    static int first_below(const Piece &left, const Piece &right) {
        const int64_t rise = right.at(0) - left.at(0), twice = 2 * int64_t(right.centre - left.centre);
        // Exact: numbers below 2^33 over some below 2^17, rounded to 53 bits, never reach the next whole one.
        return int(std::min(double(rise) / double(twice), double(nowhere - 1))) + 1;
    }

    std::vector<Piece> pieces_;
};

/// Turns the nearest ids of columns into those of the plane, one row after the other.
class RowPass {
public:
    RowPass(const NearestInColumns &columns, int width, int most)
        : columns_(columns), width_(width), most_squared_(square(most)) {}

    void run(int y, float *first, float *second) {
        row_ = &columns_[size_t(y) * size_t(width_)];
        std::fill_n(first, width_, infinity);
        std::fill_n(second, width_, infinity);
        lowest_.clear();
        for (int x = 0; x < width_; x++)
            if (!is_deep_inside(x) && square(row_[x].first) <= most_squared_) lowest_.add(x, square(row_[x].first));
        const auto &pieces = lowest_.pieces();
        write(pieces, 0, width_, first);
        for (int x = 0; x < width_; x++)
            if (row_[x].first == 0) first[x] = 0;
        for (size_t piece = 0; piece < pieces.size();) {
            size_t end = piece + 1;
            while (end < pieces.size() && id_of(pieces[end]) == id_of(pieces[piece])) end++;
            second_of_run(piece, end, second);
            piece = end;
        }
    }

private:
    static constexpr float infinity = std::numeric_limits<float>::infinity();

    static int64_t square(int64_t value) { return value * value; }
    uint32_t id_of(const LowerEnvelope::Piece &piece) const { return row_[piece.centre].id; }
    int begin_of(size_t piece) const {
        return piece < lowest_.pieces().size() ? std::min(lowest_.pieces()[piece].begin, width_) : width_;
    }

    /// A pixel of an id between two others of it is never the nearest to a pixel of another id.
    bool is_deep_inside(int x) const {
        return row_[x].first == 0 && x > 0 && x + 1 < width_ && row_[x - 1].first == 0 && row_[x + 1].first == 0 &&
               row_[x - 1].id == row_[x].id && row_[x + 1].id == row_[x].id;
    }

    void write(const std::vector<LowerEnvelope::Piece> &pieces, int begin, int end, float *out) {
        // Squares below 2^24 are exact in single precision, larger ones stay larger than the most.
        if (most_squared_ < 1 << 24) write(pieces, begin, end, squared_, out);
        else write(pieces, begin, end, exactly_squared_, out);
    }

    template<class Number>
    void write(const std::vector<LowerEnvelope::Piece> &pieces, int begin, int end, std::vector<Number> &squared,
               float *out) {
        if (pieces.empty()) return;
        squared.resize(size_t(width_));
        for (size_t piece = 0; piece < pieces.size(); piece++) {
            const int from = std::max(begin, pieces[piece].begin);
            const int to = piece + 1 < pieces.size() ? std::min(end, pieces[piece + 1].begin) : end;
            const auto centre = Number(pieces[piece].centre), height = Number(pieces[piece].height);
            for (int x = from; x < to; x++) {
                const Number step = Number(x) - centre;
                squared[size_t(x)] = step * step + height;
            }
        }
        const auto most = Number(most_squared_);
        for (int x = begin; x < end; x++)  // a vector at a time
            out[x] = squared[size_t(x)] <= most ? float(std::sqrt(squared[size_t(x)])) : infinity;
    }

    /// Where one id is the nearest, on pieces [from, to): the nearest of all others. Those beside the run bound how far
    /// they can be, so that the work of a row grows with its length.
    void second_of_run(size_t from, size_t to, float *second) {
        const int begin = begin_of(from), end = begin_of(to);
        if (begin >= end) return;
        const auto &pieces = lowest_.pieces();
        const LowerEnvelope::Piece far{0, 0, square(nowhere)};
        const LowerEnvelope::Piece &left = from > 0 ? pieces[from - 1] : far;
        const LowerEnvelope::Piece &right = to < pieces.size() ? pieces[to] : far;
        int64_t bound = 0;
        for (int x = begin; x < end; x++) bound = std::max(bound, std::min(left.at(x), right.at(x)));
        bound = std::min(bound, most_squared_);
        const int reach = int(std::sqrt(double(bound))) + 1;

        const uint32_t own = id_of(pieces[from]);
        others_.clear();
        for (int x = std::max(0, begin - reach); x < std::min(width_, end + reach); x++) {
            const bool is_own = row_[x].id == own;
            if (!is_own && is_deep_inside(x)) continue;
            const int64_t height = square(is_own ? row_[x].second : row_[x].first);
            if (height <= bound) others_.add(x, height);
        }
        write(others_.pieces(), begin, end, second);
    }

    const NearestInColumns &columns_;
    int width_;
    int64_t most_squared_;
    std::vector<float> squared_;
    std::vector<double> exactly_squared_;
    const NearestInColumn *row_ = nullptr;
    LowerEnvelope lowest_, others_;
};

}  // namespace

void nearest_ids_by_row(const Ids &ids, int most, const NearestIdsOfRow &use) {
    if (ids.width > largest_side || ids.height > largest_side)
        throw Error(Exit::internal, "distances between ids: the window is larger than 32768 pixels a side");
    const NearestInColumns columns = nearest_in_columns(ids);
    RowPass pass(columns, ids.width, std::min(most, nowhere - 1));
    std::vector<float> first(size_t(ids.width)), second(first.size());
    for (int y = 0; y < ids.height; y++) {
        pass.run(y, first.data(), second.data());
        use(y, first.data(), second.data());
    }
}

NearestIds nearest_ids(const Ids &ids, int most) {
    NearestIds distances{Pixels(1, ids.width, ids.height), Pixels(1, ids.width, ids.height)};
    nearest_ids_by_row(ids, most, [&](int y, const float *first, const float *second) {
        std::copy_n(first, ids.width, distances.first.row(y));
        std::copy_n(second, ids.width, distances.second.row(y));
    });
    return distances;
}

}  // namespace unet
