#include "pipeline/threads.h"
#include "pipeline/train_graph.h"
#include "src/base/error.h"
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

using namespace unet;

namespace {

Sample sample_of(uint64_t index) {
    std::this_thread::sleep_for(std::chrono::microseconds(index * 7919 % 300));
    Sample sample;
    sample.image = Pixels(1, 1, 1, float(index));
    return sample;
}

}  // namespace

TEST_CASE("samples are used in their order, whatever order they were drawn in", "[repeat][train]") {
    const int threads = GENERATE(1, 2, 5);
    const int in_flight = GENERATE(1, 4);
    CAPTURE(threads, in_flight);
    std::vector<uint64_t> used, expected;
    std::atomic<int> waiting = 0, most = 0;
    TrainStages stages;
    stages.draw = [&](uint64_t index) {
        const int now = ++waiting;
        for (int old = most; old < now && !most.compare_exchange_weak(old, now);) {
        }
        return sample_of(index);
    };
    stages.use = [&](uint64_t index, const Sample &sample) {
        CHECK(sample.image(0, 0) == float(index));
        used.push_back(index);
        waiting--;
    };

    with_threads(threads, [&] { stream_samples(3, 103, stages, in_flight); });

    for (uint64_t i = 3; i < 103; i++) expected.push_back(i);
    CHECK(used == expected);
    CHECK(most <= in_flight);
}

TEST_CASE("an exception of a draw or a step ends the training graph", "[error][train]") {
    const bool in_draw = GENERATE(true, false);
    const auto fail = [](uint64_t index) {
        if (index == 7) throw Error(Exit::data, "sample 7 broke");
    };
    uint64_t used = 0;
    TrainStages stages;
    stages.draw = [&](uint64_t index) {
        if (in_draw) fail(index);
        return Sample{};
    };
    stages.use = [&](uint64_t index, const Sample &) {
        if (!in_draw) fail(index);
        used++;
    };
    CHECK_THROWS_MATCHES(stream_samples(0, 100, stages, 4), Error, Catch::Matchers::Message("sample 7 broke"));
    CHECK(used <= 7);
}
