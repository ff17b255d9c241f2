#include "src/score/region_scores.h"
#include "src/score/thin_borders.h"
#include "src/score/warping_error.h"
#include "src/stack/stack_reader.h"
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <rapidcheck.h>
#include <set>

using namespace unet;
namespace fs = std::filesystem;

namespace {

const fs::path references = "tests/data/scores";

Ids read_ids(const fs::path &file) {
    const StackReader reader({file});
    return reader.read_ids(0, {0, 0, reader.shape().width, reader.shape().height});
}

Ids row_of(std::vector<uint32_t> values) {
    Ids ids(1, int(values.size()), 1);
    ids.values = std::move(values);
    return ids;
}

Ids any_ids(int width, int height, uint32_t most) {
    Ids ids(1, width, height);
    for (uint32_t &id : ids.values) id = uint32_t(*rc::gen::inRange(0, int(most) + 1));
    return ids;
}

Pixels inside_of(const Ids &ids) {
    Pixels inside(1, ids.width, ids.height);
    for (size_t i = 0; i < ids.values.size(); i++) inside.values[i] = ids.values[i] > 0;
    return inside;
}

// As tools/make_score_reference.py makes them.
Pixels graded(const Ids &ids) {
    Pixels graded(1, ids.width, ids.height);
    for (int y = 0; y < ids.height; y++)
        for (int x = 0; x < ids.width; x++)
            graded(x, y) = float((ids(x, y) * 37 + unsigned(x) * 7 + unsigned(y) * 13) % 101) / 101.0f;
    return graded;
}

}  // namespace

TEST_CASE("scores of label images equal those of scikit-image and numpy", "[definition][regions]") {
    int cases = 0;
    for (const auto &entry : fs::directory_iterator(references)) {
        if (entry.path().extension() != ".json") continue;
        cases++;
        CAPTURE(entry.path().string());
        const auto expected = nlohmann::json::parse(std::ifstream(entry.path()));
        const fs::path stem = references / entry.path().stem();
        const auto overlaps =
            overlaps_of(read_ids(stem.string() + ".truth.tif"), read_ids(stem.string() + ".prediction.tif"));
        const auto near = [](double value) { return Approx(value).epsilon(0).margin(1e-9); };
        const auto regions = partition_scores(overlaps);
        REQUIRE(regions);
        CHECK(1 - regions->v_rand == near(expected["arand"]));
        CHECK(regions->v_info == near(expected["v_info"]));
        CHECK(regions->voi_split == near(expected["voi_split"]));
        CHECK(regions->voi_merge == near(expected["voi_merge"]));
        ObjectMatch objects;
        objects.add(overlaps);
        const Ids truth = read_ids(stem.string() + ".truth.tif"), found = read_ids(stem.string() + ".prediction.tif");
        CHECK(warping_error(truth, inside_of(found), 0.5) == near(expected["warping_error"]));
        CHECK(warping_error(truth, graded(found), 0.6) == near(expected["warping_error_graded"]));
        CHECK(objects.seg().value() == near(expected["seg"]));
        CHECK(objects.f1().value() == near(expected["f1"]));
        CHECK(objects.panoptic_quality().value() == near(expected["pq"]));
        for (const auto &[threshold, value] : expected["ap"].items())
            CHECK(objects.average_precision(std::stod(threshold)).value() == near(value));
    }
    CHECK(cases == 6);
}

TEST_CASE("a segmentation that is the truth has the best scores", "[definition][regions]") {
    CHECK(rc::check([] {
        const Ids ids = any_ids(12, 9, 4);
        const auto overlaps = overlaps_of(ids, ids);
        const auto scores = partition_scores(overlaps);
        ObjectMatch objects;
        objects.add(overlaps);
        RC_ASSERT(scores.has_value() == (objects.true_objects() > 0));
        if (!scores) return;
        RC_ASSERT(std::abs(scores->v_rand - 1) < 1e-12);
        RC_ASSERT(std::abs(scores->v_info - 1) < 1e-12);
        RC_ASSERT(std::abs(scores->voi_split) < 1e-12);
        RC_ASSERT(std::abs(scores->voi_merge) < 1e-12);
        RC_ASSERT(*objects.seg() == 1);
        RC_ASSERT(*objects.average_precision(0.95) == 1);
        RC_ASSERT(*objects.panoptic_quality() == 1);
    }));
}

TEST_CASE("scores hang neither on the numbers of ids nor on the order of pixels", "[definition][regions]") {
    CHECK(rc::check([] {
        const Ids truth = any_ids(10, 10, 3), found = any_ids(10, 10, 4);
        Ids other_truth = truth, other_found = found;
        for (uint32_t &id : other_truth.values) id = id ? 1000 - id : 0;
        for (uint32_t &id : other_found.values) id = id ? 4'000'000'000u + id * 7 : 0;
        std::reverse(other_truth.values.begin(), other_truth.values.end());
        std::reverse(other_found.values.begin(), other_found.values.end());
        const auto a = partition_scores(overlaps_of(truth, found)),
                   b = partition_scores(overlaps_of(other_truth, other_found));
        RC_ASSERT(a.has_value() == b.has_value());
        if (!a) return;
        RC_ASSERT(std::abs(a->v_rand - b->v_rand) < 1e-12);
        RC_ASSERT(std::abs(a->v_info - b->v_info) < 1e-12);
    }));
}

TEST_CASE("objects are pooled over slices", "[definition][regions]") {
    ObjectMatch both, first, second;
    const auto a = overlaps_of(row_of({1, 1, 1, 2, 2, 0}), row_of({5, 5, 0, 0, 0, 9}));
    const auto b = overlaps_of(row_of({1, 1, 0, 0}), row_of({1, 1, 0, 0}));
    both.add(a), both.add(b);
    first.add(a), second.add(b);
    first.add(second);
    CHECK(*first.seg() == *both.seg());
    CHECK(*both.seg() == Approx((2.0 / 3 + 0 + 1) / 3));
    CHECK(*both.average_precision(0.5) == Approx(2.0 / 4));  // 2 found, 1 missed, 1 too much
    CHECK(*both.f1() == Approx(4.0 / 6));
    CHECK(*both.panoptic_quality() == Approx((2.0 / 3 + 1) / 3));
    CHECK(both.true_objects() == 3);
    CHECK(both.predicted_objects() == 3);
    CHECK_FALSE(ObjectMatch().seg());
    CHECK_FALSE(ObjectMatch().average_precision(0.5));
}

TEST_CASE("thinned borders are lines that part exactly the regions there were", "[definition][regions]") {
    CHECK(rc::check([] {
        Ids regions(1, 20, 16);
        const int count = *rc::gen::inRange(1, 6);
        for (int i = 1; i <= count; i++) {
            const int x = *rc::gen::inRange(0, 17), y = *rc::gen::inRange(0, 13);
            for (int v = y; v < y + 3; v++)
                for (int u = x; u < x + 3; u++) regions(u, v) = uint32_t(i);
        }
        const Ids thin = thin_borders(regions);
        std::set<uint32_t> before(regions.values.begin(), regions.values.end());
        for (int y = 0; y < thin.height; y++)
            for (int x = 0; x < thin.width; x++) {
                if (regions(x, y)) RC_ASSERT(thin(x, y) == regions(x, y));
                RC_ASSERT(before.count(thin(x, y)) || thin(x, y) == 0);
                if (thin(x, y)) continue;
                // Beside each line pixel there are two regions, or another line.
                std::set<uint32_t> beside;
                bool line = false;
                for (const auto &[dx, dy] : {std::pair{0, 1}, {1, 0}, {0, -1}, {-1, 0}}) {
                    const int u = x + dx, v = y + dy;
                    if (u < 0 || v < 0 || u >= thin.width || v >= thin.height) continue;
                    line |= thin(u, v) == 0;
                    if (thin(u, v)) beside.insert(thin(u, v));
                }
                RC_ASSERT(beside.size() >= 2 || line);
            }
    }));
    Ids two(1, 7, 1);
    two.values = {4, 0, 0, 0, 0, 0, 9};
    CHECK(thin_borders(two).values == std::vector<uint32_t>{4, 4, 4, 0, 9, 9, 9});
    two.values = {4, 0, 0, 0, 0, 9, 9};
    CHECK(thin_borders(two).values == std::vector<uint32_t>{4, 4, 4, 0, 9, 9, 9});
}

TEST_CASE("parting is judged at each threshold, with borders thinned and as they are", "[definition][regions]") {
    // Two cells of 4 pixels with a border of 3, whose middle is sure.
    const Ids truth = row_of({1, 1, 1, 1, 0, 0, 0, 2, 2, 2, 2});
    Pixels inside(1, 11, 1);
    inside.values = {0.9f, 0.9f, 0.9f, 0.4f, 0.4f, 0.1f, 0.4f, 0.9f, 0.9f, 0.9f, 0.9f};
    const auto scores = parting_scores(truth, inside, {0.05, 0.3, 0.5}).value();
    CHECK(scores.v_rand[0] == Approx(2 * 32.0 / (32 + 64)));  // one region
    CHECK(scores.v_rand[1] == Approx(1));
    CHECK(scores.rand[1] == Approx(1));
    CHECK(scores.v_rand[2] == Approx(1));                                     // grown back
    CHECK(scores.rand[2] == Approx(2 * (9 + 1 + 16.0) / (9 + 1 + 16 + 32)));  // a pixel lost
    CHECK(scores.v_info[1] == Approx(1));
    CHECK_FALSE(parting_scores(row_of({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}), inside, {0.5}));
}

TEST_CASE("true objects are ids or connected pieces, without what is ignored", "[definition][regions]") {
    const Ids ids = row_of({0, 3, 3, 7, 0, 3});
    CHECK(true_objects(ids, {.kind = LabelKind::instances, .values = {}, .ignore = 7}, 0).values ==
          std::vector<uint32_t>{0, 3, 3, 0, 0, 3});
    CHECK(true_objects(ids, {.kind = LabelKind::classes, .values = {0, 3, 7}, .ignore = {}}, 0).values ==
          std::vector<uint32_t>{0, 1, 1, 2, 0, 3});
    CHECK(true_objects(ids, {.kind = LabelKind::classes, .values = {0, 3, 7}, .ignore = {}}, 1).values ==
          std::vector<uint32_t>{1, 0, 0, 2, 3, 0});
    const RegionScores scores = region_scores(ids, {.kind = LabelKind::classes, .values = {0, 3}, .ignore = 7}, 0,
                                              row_of({0, 1, 1, 2, 0, 3}), Pixels(1, 6, 1, 1), {0.5});
    CHECK(scores.objects.predicted_objects() == 2);  // the one where truth is ignored does not count
    CHECK(*scores.objects.seg() == 1);
}

TEST_CASE("label images of different sizes are refused", "[error][regions]") {
    CHECK_THROWS(overlaps_of(Ids(1, 3, 3), Ids(1, 3, 4)));
}

TEST_CASE("the warping error counts what joins or parts objects, and nothing else", "[definition][regions]") {
    Ids truth(1, 21, 11);  // two objects with a border of three columns between them
    for (int y = 1; y < 10; y++)
        for (int x = 1; x < 20; x++) truth(x, y) = x < 9 ? 1 : x > 11 ? 2 : 0;
    const double pixels = double(truth.values.size());
    Pixels proposal = inside_of(truth);
    CHECK(warping_error(truth, proposal, 0.5) == 0);

    for (int y = 1; y < 10; y++) proposal(1, y) = 0, proposal(9, y) = 1;  // shifted
    CHECK(warping_error(truth, proposal, 0.5) == 0);

    Pixels joined = proposal;
    for (int x = 9; x < 12; x++) joined(x, 4) = joined(x, 5) = 1;  // a gap two pixels wide
    CHECK(warping_error(truth, joined, 0.5) == 2 / pixels);

    Pixels parted = proposal;
    for (int y = 1; y < 10; y++) parted(15, y) = 0;
    CHECK(warping_error(truth, parted, 0.5) == 1 / pixels);

    Pixels speckled = proposal;
    speckled(5, 5) = 0;  // a hole
    speckled(10, 0) = 1;
    CHECK(warping_error(truth, speckled, 0.5) == 0);

    Classes counted(1, truth.width, truth.height, 1);
    for (int y = 0; y < 11; y++) counted(10, y) = 0;
    CHECK(warping_error(truth, joined, 0.5, counted) == 0);
    for (int y = 0; y < 11; y++) counted(10, y) = 1, counted(20, y) = 0;
    CHECK(warping_error(truth, joined, 0.5, counted) == 2 / (pixels - 11));
}

TEST_CASE("touching objects of the truth are parted before they are warped", "[definition][regions]") {
    Ids truth(1, 12, 7);
    for (int y = 1; y < 6; y++)
        for (int x = 1; x < 11; x++) truth(x, y) = x < 6 ? 1 : 2;
    CHECK(warping_error(truth, inside_of(truth), 0.5) > 0);  // the proposal does not part them
}
