#include "pipeline/timings.h"
#include <catch2/catch.hpp>
#include <thread>

using namespace unet;
using Catch::Matchers::Contains;
using Catch::Matchers::Matches;

TEST_CASE("times of a stage add up over threads", "[definition][timings]") {
    Timings timings(Timings::Clock::now());
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++)
        threads.emplace_back([&] {
            for (int lap = 0; lap < 1000; lap++) timings.add(Stage::read, 0.5);
        });
    for (std::thread &thread : threads) thread.join();

    CHECK(timings.seconds(Stage::read) == 2000);
    CHECK(timings.seconds(Stage::write) == 0);
}

TEST_CASE("measured work gives its result, and its time also when it throws", "[definition][timings]") {
    Timings timings(Timings::Clock::now());
    const auto nap = [] { std::this_thread::sleep_for(std::chrono::milliseconds(3)); };
    CHECK(timings.measure(Stage::encode, [&] {
        nap();
        return 7;
    }) == 7);
    CHECK_THROWS_AS(timings.measure(Stage::write,
                                    [&] {
                                        nap();
                                        throw 1;
                                    }),
                    int);
    CHECK(timings.seconds(Stage::encode) >= 0.003);
    CHECK(timings.seconds(Stage::write) >= 0.003);
}

TEST_CASE("the table shares the wall time among start, networks and waiting", "[definition][timings]") {
    using namespace std::chrono_literals;
    Timings timings(Timings::Clock::now() - 100s);
    timings.add(Stage::start, 10);
    timings.run_beside(2);
    timings.add(Stage::network, 160);
    timings.add(Stage::kernels, 150);
    timings.add(Stage::read, 5);

    const std::string table = timings.table();

    CHECK_THAT(table, Contains("start         10.000 s   10.0 %"));
    CHECK_THAT(table, Contains("network       80.000 s   80.0 %"));
    CHECK_THAT(table, Contains("  kernels     75.000 s   75.0 %"));
    CHECK_THAT(table, Contains("waiting       10.0"));
    CHECK_THAT(table, Contains("wall         100.0"));
    CHECK_THAT(table, Contains("read           5.000 s    5.0 %"));
}

TEST_CASE("each stack counts by its own number of networks", "[definition][timings]") {
    Timings timings(Timings::Clock::now());
    timings.add(Stage::network, 3);
    timings.run_beside(4);
    timings.add(Stage::network, 40);
    timings.add(Stage::kernels, 36);
    timings.add(Stage::encode, 8);  // on whatever thread
    timings.run_beside(1);
    timings.add(Stage::network, 5);

    CHECK(timings.seconds(Stage::network) == Approx(3 + 10 + 5));
    CHECK(timings.seconds(Stage::kernels) == Approx(9));
    CHECK(timings.seconds(Stage::encode) == Approx(8));
}
