// Synthetic stacks: exact labels, the same bytes again, not too easy.
#include "src/sample/pieces.h"
#include "src/sample/synth_cells.h"
#include "src/sample/synth_membranes.h"
#include "src/sample/synth_noise.h"
#include "src/sample/synth_tessellation.h"
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <thread>

using namespace unet;

namespace {

struct Kind {
    const char *name;
    SynthSlice (*make)(uint64_t seed, int size, int slice);
};
const Kind kinds[] = {{"membranes", synth_membranes}, {"cells", synth_cells}};

double correlation(const Array<uint8_t> &a, const Array<uint8_t> &b) {
    double sum_a = 0, sum_b = 0, squares_a = 0, squares_b = 0, products = 0;
    const double n = double(a.values.size());
    for (size_t i = 0; i < a.values.size(); i++) {
        const double x = a.values[i], y = b.values[i];
        sum_a += x, sum_b += y, squares_a += x * x, squares_b += y * y, products += x * y;
    }
    return (products - sum_a * sum_b / n) /
           std::sqrt((squares_a - sum_a * sum_a / n) * (squares_b - sum_b * sum_b / n));
}

/// IoU of the walls with the pixels darker than a threshold, for the best of all thresholds.
double best_threshold_iou(const SynthSlice &slice) {
    std::array<int, 256> walls = {}, others = {};
    int all_walls = 0;
    for (size_t i = 0; i < slice.image.values.size(); i++) {
        const bool wall = slice.labels.values[i] == 0;
        (wall ? walls : others)[slice.image.values[i]]++;
        all_walls += wall;
    }
    double best = 0, hits = 0, false_alarms = 0;
    for (int gray = 0; gray < 256; gray++) {
        hits += walls[gray];
        false_alarms += others[gray];
        best = std::max(best, hits / (all_walls + false_alarms));
    }
    return best;
}

/// Pixels that can be reached from `start` over direct neighbours of equal value.
size_t reachable(const Ids &ids, size_t start) {
    std::set<size_t> seen{start};
    std::vector<size_t> open{start};
    while (!open.empty()) {
        const int x = int(open.back() % ids.width), y = int(open.back() / ids.width);
        open.pop_back();
        for (const auto &[i, j] : {std::pair(x - 1, y), std::pair(x + 1, y), std::pair(x, y - 1), std::pair(x, y + 1)})
            if (i >= 0 && j >= 0 && i < ids.width && j < ids.height && ids(i, j) == ids.values[start] &&
                seen.insert(ids.index(0, i, j)).second)
                open.push_back(ids.index(0, i, j));
    }
    return seen.size();
}

}  // namespace

TEST_CASE("A synthetic slice is a function of seed, size and slice, whatever else runs", "[repeat][synth]") {
    const Kind &kind = GENERATE(from_range(std::begin(kinds), std::end(kinds)));
    CAPTURE(kind.name);
    const SynthSlice slice = kind.make(7, 200, 3);
    SynthSlice again, other_seed, other_slice;
    std::thread first([&] { again = kind.make(7, 200, 3); });
    std::thread second([&] { other_seed = kind.make(8, 200, 3); });
    other_slice = kind.make(7, 200, 4);
    first.join();
    second.join();
    CHECK(slice.image == again.image);
    CHECK(slice.labels == again.labels);
    CHECK(slice.image != other_seed.image);
    CHECK(slice.labels != other_seed.labels);
    CHECK(slice.image != other_slice.image);
    CHECK(slice.labels != other_slice.labels);
}

TEST_CASE("Synthetic slices of any size have that size, and use the range of gray values", "[definition][synth]") {
    const Kind &kind = GENERATE(from_range(std::begin(kinds), std::end(kinds)));
    const int size = GENERATE(1, 2, 17, 600);
    CAPTURE(kind.name, size);
    const SynthSlice slice = kind.make(1, size, 2);
    CHECK(slice.image.channels == 1);
    CHECK(slice.image.width == size);
    CHECK(slice.image.height == size);
    CHECK(slice.labels.channels == 1);
    CHECK(slice.labels.width == size);
    CHECK(slice.labels.height == size);
    if (size < 600) return;
    const auto [darkest, brightest] = std::minmax_element(slice.image.values.begin(), slice.image.values.end());
    CHECK(*brightest - *darkest > 100);
}

TEST_CASE("A larger synthetic slice shows the same tissue", "[definition][synth]") {
    const SynthSlice small = synth_membranes(3, 150, 1), large = synth_membranes(3, 300, 1);
    size_t same = 0, compared = 0;
    for (int y = 0; y < 140; y++)  // not up to the border, where the blur ends
        for (int x = 0; x < 140; x++, compared++) same += small.labels(x, y) == large.labels(x, y);
    CHECK(double(same) / compared > 0.99);  // slivers that the small page cuts may turn into wall
}

TEST_CASE("Neighbouring synthetic slices resemble each other, distant ones do not", "[definition][synth]") {
    const Kind &kind = GENERATE(from_range(std::begin(kinds), std::end(kinds)));
    const uint64_t seed = GENERATE(1, 2);
    CAPTURE(kind.name, seed);
    const SynthSlice slice = kind.make(seed, 400, 10), next = kind.make(seed, 400, 11), far = kind.make(seed, 400, 60);
    const double near_by = correlation(slice.image, next.image), far_off = correlation(slice.image, far.image);
    CHECK(near_by > 0.2);  // ISBI 2012: 0.23 to 0.31
    CHECK(near_by < 0.9);
    CHECK(near_by > far_off + 0.15);
}

TEST_CASE("Synthetic membranes are labelled as ISBI 2012 is: 0 and 255, a fifth to a quarter of it wall",
          "[definition][synth]") {
    const uint64_t seed = GENERATE(1, 2, 3);
    const SynthSlice slice = synth_membranes(seed, 512, int(seed));
    CHECK(std::all_of(slice.labels.values.begin(), slice.labels.values.end(),
                      [](uint32_t v) { return v == 0 || v == 255; }));
    const double walls = double(std::count(slice.labels.values.begin(), slice.labels.values.end(), 0u));
    CHECK(walls / slice.labels.values.size() > 0.17);
    CHECK(walls / slice.labels.values.size() < 0.32);

    const Pieces pieces = find_pieces(slice.labels, Touching::by_side);
    std::set<uint32_t> cells;
    for (size_t i = 0; i < slice.labels.values.size(); i++)
        if (slice.labels.values[i]) cells.insert(pieces.index.values[i]);
    CHECK(cells.size() > 70);  // ISBI 2012: 88 to 137
    CHECK(cells.size() < 180);
}

TEST_CASE("No threshold finds synthetic membranes", "[definition][synth]") {
    const uint64_t seed = GENERATE(1, 2, 3, 4);
    const double iou = best_threshold_iou(synth_membranes(seed, 512, int(3 * seed)));
    CHECK(iou > 0.4);  // ISBI 2012: 0.46
    CHECK(iou < 0.6);
}

TEST_CASE("Synthetic cells are numbered without gaps, in reading order, each in one piece", "[definition][synth]") {
    const auto [seed, size] = GENERATE(table<uint64_t, int>({{1, 400}, {2, 400}, {5, 90}}));
    CAPTURE(seed, size);
    const Ids labels = synth_cells(seed, size, 4).labels;
    std::vector<size_t> first, area;
    for (size_t i = 0; i < labels.values.size(); i++) {
        const uint32_t id = labels.values[i];
        if (id == 0) continue;
        REQUIRE(id <= first.size() + 1);  // a new cell takes the next number
        if (id > first.size()) {
            first.push_back(i);
            area.push_back(0);
        }
        area[id - 1]++;
    }
    REQUIRE(!first.empty());
    for (size_t id = 1; id <= first.size(); id++) {
        CAPTURE(id);
        CHECK(area[id - 1] >= 40);
        CHECK(reachable(labels, first[id - 1]) == area[id - 1]);
    }
}

TEST_CASE("Synthetic cells touch without background between them, on a dish that is not full", "[definition][synth]") {
    const Ids labels = synth_cells(1, 512, 0).labels;
    std::set<std::pair<uint32_t, uint32_t>> touching;
    for (int y = 0; y < 512; y++)
        for (int x = 1; x < 512; x++)
            if (labels(x - 1, y) && labels(x, y) && labels(x - 1, y) != labels(x, y))
                touching.insert(std::minmax(labels(x - 1, y), labels(x, y)));
    CHECK(touching.size() >= 5);
    const double background = double(std::count(labels.values.begin(), labels.values.end(), 0u)) / labels.values.size();
    CHECK(background > 0.2);
    CHECK(background < 0.7);
}

TEST_CASE("Smooth noise has mean 0 and variance 1, whatever its wavelength", "[definition][synth]") {
    const double wavelength = GENERATE(1.0, 2.7, 7.0);
    CAPTURE(wavelength);
    double sum = 0, squares = 0;
    const int planes = 5, size = 250;
    for (int plane = 0; plane < planes; plane++)
        for (float value : smooth_noise(11, size, wavelength, 100.3 * plane).values) {
            sum += value;
            squares += double(value) * value;
        }
    const double n = double(planes) * size * size;
    CHECK(std::abs(sum / n) < 0.1);  // the widest has some 6000 independent nodes: three standard errors are 0.04
    if (wavelength == 1.0)
        return;  // always on the nodes, where the variance is that of the nodes: higher than the mean
    CHECK(squares / n == Approx(1).margin(0.25));  // the place between the planes of nodes still matters a little
}

TEST_CASE("The owner of a pixel is the nearest of all sites", "[definition][synth]") {
    const int size = 150;
    const Sites::Rule rule{.pitch = 30, .pitch_z = 30, .reach = 120, .flat = false, .site = [](int i, int j, int k) {
                               Random random = random_at(9, i, j, k);
                               Site site;
                               site.position = {30 * (i + float(random.uniform())), 30 * (j + float(random.uniform())),
                                                30 * (k + float(random.uniform()))};
                               site.radius = float(random.uniform(0, 30));
                               site.axis = {1, 0, 0};
                               site.stretch = float(random.uniform(0, 0.7));
                               return site;
                           }};
    const Sites sites(rule, size, largest_warp, 40);
    Bending warp{smooth_noise(1, size, 20, 0), smooth_noise(2, size, 20, 0), Pixels(1, size, size),
                 Pixels(1, size, size)};
    for (float &shift : warp.x.values) shift *= 5;
    const Tessellation found = tessellate(sites, warp, 40, 0);
    for (int y = 0; y < size; y += 7)
        for (int x = 0; x < size; x += 5) {
            const Point point{x + warp.x(x, y), y + warp.y(x, y), 40};
            float nearest = 1e9f;
            for (uint32_t i = 0; i < sites.size(); i++) nearest = std::min(nearest, sites[i].distance(point));
            CHECK(found.depth(x, y) == nearest);
            CHECK(sites[found.owner(x, y)].distance(point) == nearest);
            CHECK(found.wall(x, y) >= 0);
        }
}
