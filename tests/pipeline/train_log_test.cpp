#include "pipeline/train_log.h"
#include "tests/temporary_folder.h"
#include <catch2/catch.hpp>
#include <fstream>

using namespace unet;

TEST_CASE("a log is read as it was written, over a restart too", "[definition][train_log]") {
    const test::TemporaryFolder folder;
    const auto path = folder / "model.log.jsonl";
    {
        TrainLog log(path);
        log.write({10, 0.5, 1e-3, 7.25});
        log.write({20, 0.25, 5e-4, 8, 0.75, {0.5, {}, 1.0}, 0.625, {{1, 2}, {3, 40000000000}}, 0.875});
        log.write({30, 0.125, 1e-4, 9});
    }
    TrainLog(path, 20).write({25, 0.2, 4e-4, 6});
    const std::vector<TrainMetrics> lines = read_log(path);
    REQUIRE(lines.size() == 3);
    CHECK(lines[0].samples_per_second == 7.25);
    CHECK_FALSE(lines[0].validation_iou);
    CHECK(lines[0].validation_confusion.empty());
    const TrainMetrics &validated = lines[1];
    CHECK(validated.learning_rate == 5e-4);
    CHECK(validated.validation_iou == 0.75);
    CHECK(validated.validation_class_iou == std::vector<std::optional<double>>{0.5, {}, 1.0});
    CHECK(validated.validation_pq == 0.625);
    CHECK(validated.validation_confusion == std::vector<std::vector<uint64_t>>{{1, 2}, {3, 40000000000}});
    CHECK(validated.training_iou == 0.875);
    CHECK(lines[2].step == 25);
}

TEST_CASE("what is no line of a log is left out", "[definition][train_log]") {
    const test::TemporaryFolder folder;
    std::ofstream(folder / "log") << "{\"step\": 1, \"loss\": 2}\n\n[]\n{\"step\": \"x\"}\n{\"loss\": 1}\n"
                                  << "{\"step\": 2, \"validation_class_iou\": {\"a\": 1}}\n"
                                  << "{\"step\": 3, \"validation_confusion\": 7}\n{\"step\": 4, \"los";
    const std::vector<TrainMetrics> lines = read_log(folder / "log");
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].loss == 2);
    CHECK(read_log(folder / "missing").empty());
}
