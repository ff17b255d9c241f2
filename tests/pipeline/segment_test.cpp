#include "pipeline/segment.h"
#include "pipeline/stitch.h"
#include "pipeline/threads.h"
#include "src/base/error.h"
#include "tests/pipeline/painted_stack.h"
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

using namespace unet;

namespace {

// Nets that take unequal times, so that tiles overtake each other before the sequencer.
void wait_unevenly(int64_t index) { std::this_thread::sleep_for(std::chrono::microseconds(index * 7919 % 300)); }

RegionPlan small_plan() { return {TilePlan(130, 1100, 2, 68, {2, 4, 4, 8}), {0, 2}, {0, 0, 130, 1100}}; }

struct Run {
    std::vector<Band> bands;
    std::vector<int64_t> stored;
    int most_in_flight = 0, most_in_net = 0;
};

/// Streams painted tiles through stages that do nothing else.
Run run_painted(const RegionPlan &plan, SegmentLimits limits) {
    Run run;
    std::atomic<int> in_flight = 0, most_in_flight = 0, in_net = 0, most_in_net = 0;
    const auto raise = [](std::atomic<int> &most, int now) {
        for (int old = most; old < now && !most.compare_exchange_weak(old, now);) {
        }
    };
    Stitch stitch(plan, 2, 1);
    SegmentStages stages;
    stages.read = [&](const TileSpot &spot) {
        raise(most_in_flight, ++in_flight);
        return std::make_shared<Tile>(Tile{spot, {}, {}});
    };
    stages.infer = [&](Tile &tile) {
        raise(most_in_net, ++in_net);
        wait_unevenly(tile.spot.index);
        tile.outputs.push_back(test::paint(tile.spot.page, tile.spot.write, 2, 1));
        in_net--;
    };
    stages.store = [&](const Tile &tile) {
        run.stored.push_back(tile.spot.index);
        for (Band &band : stitch.place(tile.spot, tile.outputs[0])) run.bands.push_back(std::move(band));
        in_flight--;
    };
    stream_tiles(plan, stages, limits);
    run.most_in_flight = most_in_flight;
    run.most_in_net = most_in_net;
    return run;
}

}  // namespace

TEST_CASE("the graph gives every band of the stack, for any number of threads, nets and tiles in flight",
          "[repeat][segment]") {
    const int threads = GENERATE(1, 2, 5);
    const auto [in_flight, nets] = GENERATE(table<int, int>({{1, 1}, {3, 2}, {12, 5}}));
    CAPTURE(threads, in_flight, nets);
    const RegionPlan plan = small_plan();
    Run run;

    with_threads(threads, [&, in_flight = in_flight, nets = nets] { run = run_painted(plan, {in_flight, nets}); });

    REQUIRE(run.bands.size() == 6);
    for (const Band &band : run.bands) CHECK(test::is_painted(band, plan, 2, 1));
    CHECK(int64_t(run.stored.size()) == plan.size());
    CHECK(std::is_sorted(run.stored.begin(), run.stored.end()));
    CHECK(run.most_in_flight <= in_flight);
    CHECK(run.most_in_net <= nets);
}

TEST_CASE("an exception of any stage stops the graph and comes out as it was", "[error][segment]") {
    const int stage = GENERATE(0, 1, 2);
    const int threads = GENERATE(1, 2, 5);
    CAPTURE(stage, threads);
    const RegionPlan plan = small_plan();
    std::atomic<int64_t> stored = 0;
    const auto fail_at = [&](int here, const TileSpot &spot) {
        if (here == stage && spot.index == 5) throw Error(Exit::io, "tile 5 broke");
    };
    SegmentStages stages;
    stages.read = [&](const TileSpot &spot) {
        fail_at(0, spot);
        return std::make_shared<Tile>(Tile{spot, {}, {}});
    };
    stages.infer = [&](Tile &tile) { fail_at(1, tile.spot); };
    stages.store = [&](const Tile &tile) {
        fail_at(2, tile.spot);
        stored++;
    };

    const auto run = [&] { with_threads(threads, [&] { stream_tiles(plan, stages, {4, 2}); }); };

    CHECK_THROWS_MATCHES(run(), Error, Catch::Matchers::Message("tile 5 broke"));
    CHECK(stored <= 5);
}

TEST_CASE("two threads share a net, and there is always one net", "[definition][segment]") {
    const auto [threads, nets] = GENERATE(table<int, int>({{1, 1}, {2, 1}, {3, 1}, {4, 2}, {64, 32}}));
    CHECK(segment_limits(threads).workspaces == nets);
    CHECK(segment_limits(threads).tiles_in_flight > nets);
    CHECK(segment_limits(threads, 1).workspaces == 1);
    CHECK(segment_limits(threads, 1).tiles_in_flight == 1);
}
