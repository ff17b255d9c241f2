#include "src/label/flood.h"
#include "src/base/disk_memory.h"
#include <algorithm>
#include <vector>

namespace unet {

namespace {

constexpr uint64_t most_pixels_in_memory = 1 << 20;  // whose queue takes 24 MB at most
constexpr uint64_t pixels_between_calls = 1 << 16;   // some 10 ms of work
constexpr float queued = -1;                         // in place of a likelihood

/// A pixel beside an object, in the order it is flooded: the likeliest first, then the one found first.
struct Waiting {
    float likelihood;
    int x;
    uint64_t found, run;
    bool operator<(const Waiting &other) const {
        return likelihood != other.likelihood ? likelihood < other.likelihood : found > other.found;
    }
};

/// A priority queue in a vector of either kind.
template<class Store>
class FloodQueue {
public:
    template<class... Arguments>
    explicit FloodQueue(const Arguments &...arguments) : store_(arguments...) {}

    bool empty() const { return store_.size() == 0; }
    void push(const Waiting &waiting) {
        store_.push_back(waiting);
        std::push_heap(&store_[0], &store_[0] + store_.size());
    }
    Waiting pop() {
        std::pop_heap(&store_[0], &store_[0] + store_.size());
        const Waiting first = store_[store_.size() - 1];
        store_.pop_back();
        return first;
    }

private:
    Store store_;
};

/// The first run that is not wholly before pixel (page, y, x), searched from `near` on in steps that double: rows that
/// are neighbours lie near each other.
uint64_t run_at(const Piece &piece, uint64_t near, int page, int y, int x) {
    const auto is_before = [&](uint64_t i) {
        const PieceRun &run = piece.runs[i];
        if (run.page != page) return run.page < page;
        if (run.y != y) return run.y < y;
        return run.end <= x;
    };
    uint64_t low = near, high = near, step = 1;
    if (is_before(near)) {
        for (low = high = near + 1; high < piece.run_count && is_before(high); step *= 2) {
            low = high + 1;
            high = std::min(piece.run_count, low + step);
        }
    } else {
        for (; low > 0 && !is_before(low - 1); step *= 2) {
            high = low - 1;
            low = high > step ? high - step : 0;
        }
    }
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (is_before(middle)) low = middle + 1;
        else high = middle;
    }
    return low;
}

template<class Store>
class Flood {
public:
    template<class... Arguments>
    Flood(const Piece &piece, Neighbourhood neighbourhood, const Arguments &...of_queue)
        : piece_(piece), neighbourhood_(neighbourhood), queue_(of_queue...) {}

    void run(const std::function<void()> &go_on) {
        for (uint64_t run = 0; run < piece_.run_count; run++) {
            const PieceRun &at = piece_.runs[run];
            for (int x = at.begin; x < at.end; x++) {
                const uint64_t pixel = pixel_at(run, x);
                if (piece_.objects[pixel] && piece_.likelihoods[pixel] != queued) look_around(run, x);
            }
            if (run % pixels_between_calls == 0) go_on();
        }
        for (uint64_t done = 1; !queue_.empty(); done++) {
            const Waiting next = queue_.pop();
            look_around(next.run, next.x);
            if (done % pixels_between_calls == 0) go_on();
        }
    }

private:
    uint64_t pixel_at(uint64_t run, int x) const {
        return piece_.runs[run].first + uint64_t(x - piece_.runs[run].begin);
    }

    void look_around(uint64_t run, int x) {
        const PieceRun &at = piece_.runs[run];
        const uint32_t object = piece_.objects[pixel_at(run, x)];
        const int corner = neighbourhood_.corners;
        const auto look_at_row = [&](int page, int y, int reach) { look_along(run, page, y, x, reach, object); };
        const auto look_at_page = [&](int page) {
            for (int y = at.y - corner; y <= at.y + corner; y++) look_at_row(page, y, corner);
        };
        if (neighbourhood_.pages) look_at_page(at.page - 1);
        look_at_row(at.page, at.y - 1, corner);
        if (x > at.begin) offer(run, x - 1, object);
        if (x + 1 < at.end) offer(run, x + 1, object);
        look_at_row(at.page, at.y + 1, corner);
        if (neighbourhood_.pages) look_at_page(at.page + 1);
    }

    /// The pixels of another row from x - reach to x + reach.
    void look_along(uint64_t near, int page, int y, int x, int reach, uint32_t object) {
        uint64_t run = run_at(piece_, near, page, y, x - reach);
        for (int u = x - reach; u <= x + reach; u++) {
            while (run < piece_.run_count && piece_.runs[run].page == page && piece_.runs[run].y == y &&
                   piece_.runs[run].end <= u)
                run++;
            if (run == piece_.run_count || piece_.runs[run].page != page || piece_.runs[run].y != y) return;
            if (piece_.runs[run].begin <= u) offer(run, u, object);
        }
    }

    // A pixel goes to who finds it first: its place in the queue hangs on its own likelihood, so that a later finder
    // would come later, too.
    void offer(uint64_t run, int x, uint32_t object) {
        const uint64_t pixel = pixel_at(run, x);
        if (piece_.objects[pixel]) return;
        queue_.push({piece_.likelihoods[pixel], x, found_++, run});
        piece_.objects[pixel] = object;
        piece_.likelihoods[pixel] = queued;
    }

    const Piece &piece_;
    Neighbourhood neighbourhood_;
    FloodQueue<Store> queue_;
    uint64_t found_ = 0;
};

}  // namespace

void flood_piece(const Piece &piece, Neighbourhood neighbourhood, const std::filesystem::path &folder,
                 const std::function<void()> &go_on) {
    if (piece.pixels <= most_pixels_in_memory) Flood<std::vector<Waiting>>(piece, neighbourhood).run(go_on);
    else Flood<DiskVector<Waiting>>(piece, neighbourhood, folder).run(go_on);
}

}  // namespace unet
