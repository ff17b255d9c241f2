// Objects found row by row against a flood of the whole volume.
#include "src/base/random.h"
#include "src/label/instances.h"
#include "src/label/streamed_objects.h"
#include "tests/temporary_folder.h"
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <rapidcheck.h>

using namespace unet;

namespace {

/// A small stack, one number a pixel.
struct Volume {
    int width, height, pages;
    std::vector<uint32_t> values;

    Volume(int width, int height, int pages)
        : width(width), height(height), pages(pages), values(size_t(width) * height * pages) {}
    size_t at(int x, int y, int z) const { return (size_t(z) * height + y) * width + x; }
    bool has(int x, int y, int z) const { return x >= 0 && y >= 0 && z >= 0 && x < width && y < height && z < pages; }
    bool operator==(const Volume &) const = default;
};

Volume noise(int width, int height, int pages, double share, uint64_t seed) {
    Volume volume(width, height, pages);
    Random random(seed, 0);
    for (uint32_t &value : volume.values) value = random.uniform() < share;
    return volume;
}

using RowTaker = std::function<void(const StackRow &row)>;

/// Rows of the pixels whose likelihood is above `threshold`; values are likelihoods in tenths.
void for_each_row(const Volume &volume, double threshold, const RowTaker &take) {
    for (int z = 0; z < volume.pages; z++)
        for (int y = 0; y < volume.height; y++) {
            StackRow row{{z, y}, {}, {}};
            for (int x = 0; x < volume.width; x++) {
                const float likelihood = 0.1f * float(volume.values[volume.at(x, y, z)]);
                if (!(likelihood > threshold)) continue;
                row.likelihoods.push_back(likelihood);
                if (!row.runs.empty() && row.runs.back().end == x) row.runs.back().end++;
                else row.runs.push_back({x, x + 1});
            }
            take(row);
        }
}

/// Pieces of `value`, numbered from 1 in the order of their first pixels, by a flood from each.
Volume flooded(const Volume &volume, uint32_t value, bool corners, bool pages) {
    Volume pieces(volume.width, volume.height, volume.pages);
    uint32_t count = 0;
    for (int z = 0; z < volume.pages; z++)
        for (int y = 0; y < volume.height; y++)
            for (int x = 0; x < volume.width; x++) {
                if (volume.values[volume.at(x, y, z)] != value || pieces.values[volume.at(x, y, z)]) continue;
                std::vector<std::array<int, 3>> open{{x, y, z}};
                pieces.values[volume.at(x, y, z)] = ++count;
                while (!open.empty()) {
                    const auto [a, b, c] = open.back();
                    open.pop_back();
                    for (int dz = -int(pages); dz <= int(pages); dz++)
                        for (int dy = -1; dy <= 1; dy++)
                            for (int dx = -1; dx <= 1; dx++) {
                                const int steps = std::abs(dx) + std::abs(dy) + std::abs(dz);
                                if (steps == 0 || (!corners && steps > 1) || !volume.has(a + dx, b + dy, c + dz))
                                    continue;
                                const size_t next = volume.at(a + dx, b + dy, c + dz);
                                if (volume.values[next] != value || pieces.values[next]) continue;
                                pieces.values[next] = count;
                                open.push_back({a + dx, b + dy, c + dz});
                            }
                }
            }
    return pieces;
}

Volume without_holes(Volume volume, bool pages) {
    const Volume gaps = flooded(volume, 0, true, pages);
    std::map<uint32_t, bool> outside;
    for (int z = 0; z < volume.pages; z++)
        for (int y = 0; y < volume.height; y++)
            for (int x = 0; x < volume.width; x++)
                if (x == 0 || y == 0 || x == volume.width - 1 || y == volume.height - 1 ||
                    (pages && (z == 0 || z == volume.pages - 1)))
                    outside[gaps.values[volume.at(x, y, z)]] = true;
    for (size_t i = 0; i < volume.values.size(); i++)
        if (gaps.values[i] && !outside[gaps.values[i]]) volume.values[i] = 1;
    return volume;
}

using Interrupt = std::function<void(std::unique_ptr<StreamedObjects> &objects)>;

/// `interrupt` is called before each row.
Volume numbered(const Volume &volume, const ObjectOptions &options, std::vector<ObjectShape> *shapes = nullptr,
                double threshold = 0, const Interrupt &interrupt = {}) {
    const test::TemporaryFolder folder;
    auto objects =
        std::make_unique<StreamedObjects>(Size{volume.width, volume.height}, volume.pages, options, folder.path());
    for (; objects->scan() != Scan::numbers; objects->end_scan())
        for_each_row(volume, threshold, [&](const StackRow &row) {
            if (interrupt) interrupt(objects);
            objects->add(row);
        });
    Volume result(volume.width, volume.height, volume.pages);
    for_each_row(volume, threshold, [&](const StackRow &row) {
        if (interrupt) interrupt(objects);
        for (const auto &[run, number] : objects->number(row))
            for (int x = run.begin; x < run.end; x++) result.values[result.at(x, row.at.y, row.at.page)] = number;
    });
    if (shapes) objects->list([&](uint32_t, const ObjectShape &shape) { shapes->push_back(shape); });
    return result;
}

}  // namespace

TEST_CASE("streamed objects are those of a flood, of any stack", "[definition][streamed_objects]") {
    REQUIRE(rc::check("numbers and order", [] {
        const int width = *rc::gen::inRange(1, 20), height = *rc::gen::inRange(1, 20), pages = *rc::gen::inRange(1, 6);
        const bool through = *rc::gen::arbitrary<bool>(), fill = *rc::gen::arbitrary<bool>();
        Volume volume = noise(width, height, pages, *rc::gen::inRange(1, 10) / 10.0, *rc::gen::arbitrary<uint64_t>());
        const Volume found = numbered(volume, {through, fill, 1, 0});
        if (fill) volume = without_holes(volume, through);
        RC_ASSERT(found == flooded(volume, 1, false, through));
    }));
}

TEST_CASE("streamed objects of slices are those of instances()", "[definition][streamed_objects]") {
    const Volume volume = noise(64, 48, 1, 0.6, 3);
    Pixels page(1, 64, 48);
    for (size_t i = 0; i < page.values.size(); i++) page.values[i] = float(volume.values[i]);
    for (const auto &[smallest, rim] : {std::pair(1, 0), std::pair(5, 0), std::pair(5, 9)}) {
        const Ids expected = instances(page, {.smallest = uint64_t(smallest), .field_of_interest = rim});
        CHECK(numbered(volume, {false, false, uint64_t(smallest), rim}).values == expected.values);
    }
}

TEST_CASE("an object that two arms make one has the number of its first pixel", "[definition][streamed_objects]") {
    Volume volume(7, 3, 2);
    for (const int x : {1, 3, 5})
        for (int y = 0; y < 3; y++) volume.values[volume.at(x, y, 0)] = 1;
    for (int x = 1; x < 6; x++) volume.values[volume.at(x, 2, 1)] = x != 2 && x != 4;
    CHECK(numbered(volume, {true, false, 1, 0}).values[volume.at(5, 0, 0)] == 3);
    for (int x = 3; x < 6; x++) volume.values[volume.at(x, 2, 1)] = 1;  // joins the second and the third in page 1
    const Volume found = numbered(volume, {true, false, 1, 0});
    CHECK(found.values[volume.at(1, 0, 0)] == 1);
    CHECK(found.values[volume.at(3, 0, 0)] == 2);
    CHECK(found.values[volume.at(5, 0, 0)] == 2);
}

TEST_CASE("objects know their pixels, bounds and mean", "[definition][streamed_objects]") {
    Volume volume(8, 5, 3);
    for (int z = 1; z < 3; z++)
        for (int y = 1; y < 4; y++)
            for (int x = 2; x < 7; x++) volume.values[volume.at(x, y, z)] = 1;
    volume.values[volume.at(0, 0, 0)] = 1;
    std::vector<ObjectShape> shapes;
    numbered(volume, {true, false, 2, 0}, &shapes);
    REQUIRE(shapes.size() == 1);
    const ObjectShape &box = shapes[0];
    CHECK(box.pixels == 30);
    CHECK(std::array{box.x, box.y, box.page, box.x_end, box.y_end, box.page_end} == std::array{2, 1, 1, 7, 4, 3});
    CHECK(double(box.sum_x) / 30 == 4);
    CHECK(double(box.sum_y) / 30 == 2);
    CHECK(double(box.sum_page) / 30 == 1.5);
}

TEST_CASE("memory that a disk lends keeps its values while it grows", "[definition][disk_memory]") {
    const test::TemporaryFolder folder;
    DiskVector<uint64_t> values(folder.path());
    for (uint64_t i = 0; i < 100000; i++) values.push_back(i * i);
    REQUIRE(values.size() == 100000);
    for (uint64_t i = 0; i < 100000; i += 999) CHECK(values[i] == i * i);
    CHECK(std::filesystem::is_empty(folder.path()));  // without a name
    DiskVector<uint64_t> nowhere(folder / "absent");  // takes nothing before it is needed
    CHECK_THROWS_WITH(nowhere.push_back(1), Catch::Contains("no temporary file can be made there"));
}

namespace {

/// A watershed as it is defined: of all pixels beside an object that wait, the likeliest is next, then the one found
/// first.
Volume watershed_of(const Volume &volume, double threshold, const ObjectOptions &options) {
    const auto above = [&](double limit) {
        Volume pixels(volume.width, volume.height, volume.pages);
        for (size_t i = 0; i < pixels.values.size(); i++) pixels.values[i] = 0.1f * float(volume.values[i]) > limit;
        return pixels;
    };
    const auto sizes_of = [](const Volume &pieces) {
        std::map<uint32_t, uint64_t> sizes;
        for (const uint32_t piece : pieces.values) sizes[piece]++;
        return sizes;
    };
    const Volume foreground = above(threshold);
    const Volume pieces = flooded(foreground, 1, options.corners, options.through_pages);
    Volume objects = flooded(above(*options.seed), 1, options.corners, options.through_pages);
    const auto seed_sizes = sizes_of(objects);
    std::map<uint32_t, bool> has_seed;
    for (size_t i = 0; i < objects.values.size(); i++) {
        if (seed_sizes.at(objects.values[i]) < options.smallest) objects.values[i] = 0;
        if (objects.values[i]) has_seed[pieces.values[i]] = true;
    }
    for (size_t i = 0; i < objects.values.size(); i++)
        if (foreground.values[i] && !has_seed[pieces.values[i]]) objects.values[i] = 1000000 + pieces.values[i];

    std::map<std::pair<int, uint64_t>, std::pair<std::array<int, 3>, uint32_t>> waiting;  // by likelihood and time
    uint64_t found = 0;
    const auto look_around = [&](int x, int y, int z) {
        for (int dz = -int(options.through_pages); dz <= int(options.through_pages); dz++)
            for (int dy = -1; dy <= 1; dy++)
                for (int dx = -1; dx <= 1; dx++) {
                    const int steps = std::abs(dx) + std::abs(dy) + std::abs(dz);
                    if (steps == 0 || (!options.corners && steps > 1) || !volume.has(x + dx, y + dy, z + dz)) continue;
                    const size_t next = volume.at(x + dx, y + dy, z + dz);
                    if (!foreground.values[next] || objects.values[next]) continue;
                    waiting[{-int(volume.values[next]), found++}] = {{x + dx, y + dy, z + dz},
                                                                     objects.values[volume.at(x, y, z)]};
                }
    };
    const Volume seeds = objects;
    for (int z = 0; z < volume.pages; z++)
        for (int y = 0; y < volume.height; y++)
            for (int x = 0; x < volume.width; x++)
                if (seeds.values[volume.at(x, y, z)]) look_around(x, y, z);
    while (!waiting.empty()) {
        const auto [place, object] = waiting.begin()->second;
        waiting.erase(waiting.begin());
        const auto [x, y, z] = place;
        if (objects.values[volume.at(x, y, z)]) continue;
        objects.values[volume.at(x, y, z)] = object;
        look_around(x, y, z);
    }
    const auto sizes = sizes_of(objects);
    std::map<uint32_t, uint32_t> numbers;
    for (uint32_t &object : objects.values) {
        if (object && sizes.at(object) < options.smallest) object = 0;
        if (object) object = numbers.emplace(object, uint32_t(numbers.size() + 1)).first->second;
    }
    return objects;
}

/// Likelihoods in tenths.
Volume any_likelihoods() {
    Volume volume(*rc::gen::inRange(1, 16), *rc::gen::inRange(1, 16), *rc::gen::inRange(1, 5));
    Random random(*rc::gen::arbitrary<uint64_t>(), 0);
    for (uint32_t &value : volume.values) value = uint32_t(random.below(11));
    return volume;
}

ObjectOptions any_watershed() {
    return {.through_pages = *rc::gen::arbitrary<bool>(),
            .smallest = *rc::gen::inRange<uint64_t>(1, 4),
            .corners = *rc::gen::arbitrary<bool>(),
            .seed = 0.75};
}

}  // namespace

TEST_CASE("pixels that meet by a corner are one where that is asked for", "[definition][streamed_objects]") {
    REQUIRE(rc::check("numbers and order", [] {
        const int width = *rc::gen::inRange(1, 16), height = *rc::gen::inRange(1, 16), pages = *rc::gen::inRange(1, 5);
        const bool through = *rc::gen::arbitrary<bool>();
        const Volume volume =
            noise(width, height, pages, *rc::gen::inRange(1, 6) / 10.0, *rc::gen::arbitrary<uint64_t>());
        RC_ASSERT(numbered(volume, {.through_pages = through, .corners = true}) == flooded(volume, 1, true, through));
    }));
    // A ring whose corners alone close it has a hole then, and only then.
    Volume diamond(5, 5, 1);
    for (const auto &[x, y] : {std::pair(2, 1), {1, 2}, {3, 2}, {2, 3}}) diamond.values[diamond.at(x, y, 0)] = 1;
    CHECK(numbered(diamond, {.fill_holes = true, .corners = true}).values[diamond.at(2, 2, 0)] == 1);
    CHECK(numbered(diamond, {.fill_holes = true}).values[diamond.at(2, 2, 0)] == 0);
}

TEST_CASE("a streamed watershed is that of the whole stack", "[definition][streamed_objects]") {
    REQUIRE(rc::check("numbers and order", [] {
        const Volume volume = any_likelihoods();
        const ObjectOptions options = any_watershed();
        RC_ASSERT(numbered(volume, options, nullptr, 0.25) == watershed_of(volume, 0.25, options));
    }));
}

TEST_CASE("a streamed watershed of slices is that of instances(), however large", "[definition][streamed_objects]") {
    // 2.2 million pixels that are connected: more than are flooded in memory.
    Volume volume(1501, 1499, 1);
    Random random(4, 0);
    for (uint32_t &value : volume.values) value = 6 + uint32_t(random.below(5));
    Pixels page(1, volume.width, volume.height);
    for (size_t i = 0; i < page.values.size(); i++) page.values[i] = 0.1f * float(volume.values[i]);
    const Ids expected =
        instances(page, {.method = InstanceMethod::watershed, .threshold = 0.5, .seed = 0.95, .smallest = 2});
    CHECK(*std::max_element(expected.values.begin(), expected.values.end()) > 65535);
    CHECK(numbered(volume, {.smallest = 2, .seed = 0.95}, nullptr, 0.5).values == expected.values);
}

TEST_CASE("filled holes are flooded at last", "[definition][streamed_objects]") {
    Volume row(7, 3, 1);
    row.values = {8,  8, 8, 8, 8, 8, 8,   //
                  10, 5, 1, 1, 1, 5, 10,  //
                  8,  8, 8, 8, 8, 8, 8};
    const Volume found = numbered(row, {.fill_holes = true, .seed = 0.9}, nullptr, 0.6);
    CHECK(found.values == std::vector<uint32_t>{1, 1, 1, 1, 2, 2, 2,  //
                                                1, 1, 1, 1, 2, 2, 2,  //
                                                1, 1, 1, 1, 2, 2, 2});
}

TEST_CASE("objects that are put away and taken up again between any two rows stay the same",
          "[repeat][streamed_objects]") {
    REQUIRE(rc::check("numbers, order and shapes", [] {
        const Volume volume = any_likelihoods();
        ObjectOptions options = any_watershed();
        options.fill_holes = *rc::gen::arbitrary<bool>();
        if (*rc::gen::arbitrary<bool>()) options.seed.reset();
        Random random(*rc::gen::arbitrary<uint64_t>(), 0);
        const test::TemporaryFolder folder;
        const auto put_away = [&](std::unique_ptr<StreamedObjects> &objects) {
            if (random.below(30) > 0) return;  // each waits for the disk
            StateWriter file(folder / "state");
            objects->save(file);
            file.commit();
            objects = std::make_unique<StreamedObjects>(Size{volume.width, volume.height}, volume.pages, options,
                                                        folder.path());
            StateReader state(folder / "state");
            objects->load(state);
            state.finish();
        };
        std::vector<ObjectShape> shapes, expected;
        RC_ASSERT(numbered(volume, options, &shapes, 0.25, put_away) == numbered(volume, options, &expected, 0.25));
        RC_ASSERT(shapes.size() == expected.size());
        for (size_t i = 0; i < shapes.size(); i++) {
            RC_ASSERT(shapes[i].pixels == expected[i].pixels);
            RC_ASSERT(shapes[i].sum_x == expected[i].sum_x);
            RC_ASSERT(shapes[i].y_end == expected[i].y_end);
        }
    }));
}
