// Objects found row by row against a flood of the whole volume.
#include "src/base/random.h"
#include "src/label/instances.h"
#include "src/label/streamed_objects.h"
#include "tests/temporary_folder.h"
#include <catch2/catch.hpp>
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

RowSource rows_of(const Volume &volume) {
    return [&volume](const RowTaker &take) {
        for (int z = 0; z < volume.pages; z++)
            for (int y = 0; y < volume.height; y++) {
                Runs row;
                for (int x = 0; x < volume.width; x++) {
                    if (!volume.values[volume.at(x, y, z)]) continue;
                    if (!row.empty() && row.back().end == x) row.back().end++;
                    else row.push_back({x, x + 1});
                }
                take({z, y}, row);
            }
    };
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

Volume numbered(const Volume &volume, const ObjectOptions &options, std::vector<ObjectShape> *shapes = nullptr) {
    const test::TemporaryFolder folder;
    StreamedObjects objects(rows_of(volume), {volume.width, volume.height}, volume.pages, options, folder.path());
    Volume result(volume.width, volume.height, volume.pages);
    objects.number_rows([&](RowPlace at, const Runs &row, const std::vector<uint32_t> &numbers) {
        for (size_t i = 0; i < row.size(); i++)
            for (int x = row[i].begin; x < row[i].end; x++) result.values[result.at(x, at.y, at.page)] = numbers[i];
    });
    if (shapes) objects.list([&](uint32_t, const ObjectShape &shape) { shapes->push_back(shape); });
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
}
