// segment --pyramid, run as a program: killed, in shards, and as the input of other verbs.
#include "src/stack/describe.h"
#include "tests/pipeline/long_run.h"
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <thread>

using namespace unet;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

using test::Words, test::wait_until;

/// With a pyramid of one level.
struct PyramidRun : test::LongRun {
    Words line(const std::string &output, const Words &more = {}) {
        Words words = LongRun::line(output, {"--pyramid"});
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
};

std::string info_of(const fs::path &file) {
    const test::Outcome outcome = test::run({"info", file, "--json", "-"});
    REQUIRE(outcome.exit_code == 0);
    return outcome.out;
}

}  // namespace

TEST_CASE("a pyramid adds levels to the same pages and the same metadata", "[definition][segment_pyramid]") {
    PyramidRun run;
    const test::Outcome outcome = test::run(run.line("with.tif"));
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    REQUIRE(run.segment("without.tif", {"--emit", "classes,probabilities"}).exit_code == 0);
    for (const std::string kind : {".classes.tif", ".probabilities.tif"}) {
        const FileDescription with = describe_file(run.folder / ("with" + kind)),
                              without = describe_file(run.folder / ("without" + kind));
        CHECK(with.layout.sub_directories == 1);
        CHECK(without.layout.sub_directories == 0);
        CHECK(with.axes == without.axes);
        for (int page = 0; page < 6; page++)
            CHECK(test::slice_of(run.folder / ("with" + kind), page) ==
                  test::slice_of(run.folder / ("without" + kind), page));
        const std::string text = run.bytes("with" + kind), other = run.bytes("without" + kind);
        const auto description = [](const std::string &bytes) {
            return bytes.substr(bytes.find("<?xml"), bytes.find("</OME>") - bytes.find("<?xml"));
        };
        CHECK(description(text) == description(other));
    }
    CHECK_THAT(run.bytes("with.classes.tif"), Contains("Name=\"classes\""));
    CHECK_THAT(run.bytes("with.probabilities.tif"),
               Contains("Name=\"class 0\"") && Contains("Name=\"class 1\"") && Contains("Name=\"class 2\""));

    CHECK_THAT(test::run(run.line("with.tif")).err, Contains("complete already"));
    CHECK(run.segment("with.tif", {"--emit", "classes,probabilities"}).exit_code == 73);
    CHECK(test::run(run.line("without.tif")).exit_code == 73);
}

TEST_CASE("a segmentation with a pyramid, killed at any moment, ends with the bytes of one never killed",
          "[repeat][segment_pyramid]") {
    PyramidRun run;
    int in_pyramid = 0;
    const auto look = [&](const test::Outcome &ended) {
        in_pyramid += ended.err.find("goes on after 12 bands") != std::string::npos;
    };
    test::kill_often(
        run, [&](const std::string &output) { return run.line(output); }, 25, 3, look);
    CAPTURE(in_pyramid);
    // Killed as soon as its journal is complete.
    test::Running running = test::start(run.line("late.tif"));
    const fs::path journal = run.folder / "late.probabilities.tif.journal";
    wait_until(running, [&] {
        const std::string text = test::text_of(journal);
        return std::count(text.begin(), text.end(), '\n') == 13;
    });
    running.send(SIGKILL);
    running.wait();
    const test::Outcome again = test::run(run.line("late.tif"));
    CAPTURE(again.err);
    CHECK(again.exit_code == 0);
    CHECK(run.same("late", "whole"));
}

TEST_CASE("an unfinished output without a pyramid does not become one with it", "[error][segment_pyramid]") {
    PyramidRun run;
    const fs::path journal = run.folder / "o.classes.tif.journal";
    test::Running running = test::start(run.line("o.tif"));
    wait_until(running, [&] { return test::text_of(journal).find("\"band\":") != std::string::npos; });
    running.send(SIGKILL);
    REQUIRE(running.wait().exit_code == -1);
    const test::Outcome outcome = run.segment("o.tif", {"--emit", "classes,probabilities"});
    CHECK(outcome.exit_code == 65);
    CHECK_THAT(outcome.err, Contains("o.classes.tif.journal: was made with pyramid 'yes', not nothing"));
}

TEST_CASE("shards with a pyramid become the bytes of a run without shards", "[repeat][segment_pyramid]") {
    test::ModelAndStack world(700, 1100, 4);
    const std::string layout = GENERATE("bands", "preallocated");
    const bool shared = layout == "preallocated";
    CAPTURE(layout);
    Words options{"--emit", "probabilities", "--tile", "236", "--pyramid", "--output-layout", layout};
    REQUIRE(world.segment("whole.tif", options).exit_code == 0);
    const std::string output = shared ? "merged.tif" : "part-%s.tif";
    for (int index = 0; index < 5; index++) {
        Words shard = options;
        shard.insert(shard.end(), {"--shard", std::to_string(index) + "/5"});
        REQUIRE(world.segment(output, shard).exit_code == 0);
    }
    Words line{"merge", "--output", world.folder / "merged.tif"};
    if (!shared) line.push_back(world.folder / "part-*.tif");
    const test::Outcome merged = test::run(line);
    CAPTURE(merged.err);
    REQUIRE(merged.exit_code == 0);
    CHECK(world.bytes("merged.tif") == world.bytes("whole.tif"));
    CHECK_THAT(test::run(line).err, Contains("complete already"));
    CHECK(describe_file(world.folder / "merged.tif").layout.sub_directories == 2);
}

TEST_CASE("a shared file is merged again where the merge was killed", "[repeat][segment_pyramid]") {
    test::ModelAndStack world(700, 1100, 2);
    const Words options{"--pyramid", "--output-layout", "preallocated"};
    REQUIRE(world.segment("whole.tif", options).exit_code == 0);
    for (const std::string shard : {"0/2", "1/2"})
        REQUIRE(world.segment("m.tif", {"--pyramid", "--output-layout", "preallocated", "--shard", shard}).exit_code ==
                0);
    for (int i = 0; i < 5; i++) {
        test::Running running = test::start({"merge", "--output", world.folder / "m.tif"});
        std::this_thread::sleep_for(std::chrono::milliseconds(3 * i));
        running.send(SIGKILL);
        running.wait();
    }
    REQUIRE(test::run({"merge", "--output", world.folder / "m.tif"}).exit_code == 0);
    CHECK(world.bytes("m.tif") == world.bytes("whole.tif"));
}

TEST_CASE("what has a pyramid is an input like any other", "[definition][segment_pyramid]") {
    PyramidRun run;
    REQUIRE(test::run(run.line("with.tif")).exit_code == 0);
    REQUIRE(run.segment("without.tif", {"--emit", "classes,probabilities"}).exit_code == 0);
    const auto info = nlohmann::json::parse(info_of(run.folder / "with.probabilities.tif"));
    CHECK(info["pages"] == 18);
    CHECK(info["axes"] == "ZCYX");
    CHECK(info["subfiles"] == 1);
    CHECK(info["auxiliary"] == 0);

    const auto objects = [&](const std::string &input, const std::string &output, const Words &more) {
        Words line{"label", "--input", run.folder / input, "--output", run.folder / output};
        line.insert(line.end(), more.begin(), more.end());
        REQUIRE(test::run(line).exit_code == 0);
    };
    objects("with.probabilities.tif", "objects.tif", {"--foreground", "2"});
    objects("without.probabilities.tif", "other-objects.tif", {"--foreground", "2"});
    for (int z = 0; z < 6; z++)  // the files name their inputs
        CHECK(test::slice_of(run.folder / "objects.tif", z) == test::slice_of(run.folder / "other-objects.tif", z));
    objects("with.classes.tif", "levels.tif", {"--pyramid"});
    objects("without.classes.tif", "pages.tif", {});
    CHECK(describe_file(run.folder / "levels.tif").layout.sub_directories == 1);
    CHECK(test::slice_of(run.folder / "levels.tif", 5) == test::slice_of(run.folder / "pages.tif", 5));

    const auto scores = [&](const std::string &name) {
        const test::Outcome outcome = test::run({"evaluate", "--prediction", run.folder / (name + ".classes.tif"),
                                                 "--probabilities", run.folder / (name + ".probabilities.tif"),
                                                 "--truth", run.folder / "without.classes.tif", "--json", "-"});
        CAPTURE(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        auto json = nlohmann::json::parse(outcome.out);
        for (nlohmann::json &slice : json["slices"]) slice.erase("file");
        return json;
    };
    CHECK(scores("with") == scores("without"));
}

TEST_CASE("plan counts the levels of a pyramid", "[definition][segment_pyramid]") {
    PyramidRun run;
    const auto disk = [&](const Words &more) {
        Words line{"plan", "--model", run.model, "--input", run.stack, "--json", "-"};
        line.insert(line.end(), more.begin(), more.end());
        const test::Outcome outcome = test::run(line);
        REQUIRE(outcome.exit_code == 0);
        return nlohmann::json::parse(outcome.out)[0]["disk_bytes"].get<int64_t>();
    };
    CHECK(disk({}) == 6 * 600 * 560);
    CHECK(disk({"--pyramid"}) == 6 * (600 * 560 + 300 * 280));
    REQUIRE(run.segment("o.tif", {"--pyramid", "--output-layout", "preallocated"}).exit_code == 0);
    const int64_t planned = disk({"--pyramid", "--output-layout", "preallocated"});
    const auto written = int64_t(fs::file_size(run.folder / "o.tif"));
    CHECK(written - planned < 8192);  // the description
    CHECK(written >= planned);
}
