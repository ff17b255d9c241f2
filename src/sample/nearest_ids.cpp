#include "src/sample/nearest_ids.h"
#include "src/base/error.h"
#include <algorithm>
#include <cmath>
#include <limits>

namespace unet {

namespace {

constexpr int largest_side = 1 << 15;
constexpr int nowhere = 2 * largest_side;  // a distance beyond all others

/// The two nearest ids of a pixel among those seen so far; 0: none.
struct TwoNearest {
    uint32_t first_id = 0, second_id = 0;
    int first = nowhere, second = nowhere;  // distances

    void see(uint32_t id, int distance) {
        if (id == 0) return;
        if (id == first_id) first = std::min(first, distance);
        else if (distance < first) {
            second_id = first_id, second = first;
            first_id = id, first = distance;
        } else if (id == second_id) second = std::min(second, distance);
        else if (distance < second) second_id = id, second = distance;
    }
    void step() { first++, second++; }  // to the pixel beside
};

/// For each pixel the two nearest ids in its own column. Rows from top to bottom, then back.
std::vector<TwoNearest> nearest_in_columns(const Ids &ids) {
    const size_t width = size_t(ids.width);
    std::vector<TwoNearest> nearest(width * size_t(ids.height));
    std::vector<TwoNearest> passed(width);
    const auto sweep = [&](int y) {
        for (size_t x = 0; x < width; x++) {
            passed[x].step();
            passed[x].see(ids.row(y)[x], 0);
            TwoNearest &here = nearest[size_t(y) * width + x];
            here.see(passed[x].first_id, passed[x].first);
            here.see(passed[x].second_id, passed[x].second);
        }
    };
    for (int y = 0; y < ids.height; y++) sweep(y);
    std::fill(passed.begin(), passed.end(), TwoNearest());
    for (int y = ids.height; y-- > 0;) sweep(y);
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
    explicit RowPass(int width) : width_(width), squared_(size_t(width)) {}

    void run(const TwoNearest *nearest, float *first, float *second) {
        nearest_ = nearest;
        lowest_.clear();
        for (int x = 0; x < width_; x++)
            if (nearest[x].first_id) lowest_.add(x, square(nearest[x].first));
        const auto &pieces = lowest_.pieces();
        if (pieces.empty()) {
            std::fill_n(first, width_, infinity);
            std::fill_n(second, width_, infinity);
            return;
        }
        write(pieces, 0, width_, first);
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
    uint32_t id_of(const LowerEnvelope::Piece &piece) const { return nearest_[piece.centre].first_id; }
    int begin_of(size_t piece) const {
        return piece < lowest_.pieces().size() ? std::min(lowest_.pieces()[piece].begin, width_) : width_;
    }

    void write(const std::vector<LowerEnvelope::Piece> &pieces, int begin, int end, float *out) {
        size_t piece = 0;
        for (int x = begin; x < end; x++) {
            while (piece + 1 < pieces.size() && pieces[piece + 1].begin <= x) piece++;
            squared_[size_t(x)] = double(pieces[piece].at(x));
        }
        for (int x = begin; x < end; x++) out[x] = float(std::sqrt(squared_[size_t(x)]));  // a vector at a time
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
        const int reach = int(std::sqrt(double(bound))) + 1;

        const uint32_t own = id_of(pieces[from]);
        others_.clear();
        for (int x = std::max(0, begin - reach); x < std::min(width_, end + reach); x++) {
            const TwoNearest &here = nearest_[x];
            const int64_t height = square(here.first_id != own ? here.first : here.second);
            if (height <= bound && height < square(nowhere)) others_.add(x, height);
        }
        if (others_.pieces().empty()) std::fill(second + begin, second + end, infinity);
        else write(others_.pieces(), begin, end, second);
    }

    int width_;
    std::vector<double> squared_;
    const TwoNearest *nearest_ = nullptr;
    LowerEnvelope lowest_, others_;
};

}  // namespace

NearestIds nearest_ids(const Ids &ids) {
    if (ids.width > largest_side || ids.height > largest_side)
        throw Error(Exit::internal, "distances between ids: the window is larger than 32768 pixels a side");
    const std::vector<TwoNearest> nearest = nearest_in_columns(ids);
    NearestIds distances{Pixels(1, ids.width, ids.height), Pixels(1, ids.width, ids.height)};
    RowPass pass(ids.width);
    for (int y = 0; y < ids.height; y++)
        pass.run(nearest.data() + size_t(y) * size_t(ids.width), distances.first.row(y), distances.second.row(y));
    return distances;
}

}  // namespace unet
