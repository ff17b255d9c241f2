#include "src/base/random.h"
#include "tests/pipeline/labelled_images.h"
#include "tests/pipeline/model_and_stack.h"
#include "tests/pipeline/painted_stack.h"
#include "tests/pipeline/run_program.h"
#include "tests/pipeline/small_world.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

using namespace unet;
namespace fs = std::filesystem;

namespace {

/// A short run with all that has a state: batches, momentum, dropout, validation.
struct ShortRun {
    test::TemporaryFolder folder;

    explicit ShortRun(int pages = 5) {
        test::write_texture(folder / "images.tif", 96, 80, pages, 5);
        test::write_labels(folder / "labels.tif", 96, 80, pages, 5);
    }
    std::vector<std::string> line(const std::string &model, const std::vector<std::string> &more = {}) {
        std::vector<std::string> line{"train",
                                      "--images",
                                      folder / "images.tif",
                                      "--labels",
                                      folder / "labels.tif",
                                      "--model",
                                      folder / model,
                                      "--width",
                                      "4",
                                      "--depth",
                                      "1",
                                      "--tile",
                                      "60",
                                      "--steps",
                                      "240",
                                      "--batch",
                                      "2",
                                      "--dropout",
                                      "0.2",
                                      "--validation",
                                      "0.2",
                                      "--validate-every",
                                      "40",
                                      "--checkpoint-every",
                                      "0.01s"};
        line.insert(line.end(), more.begin(), more.end());
        return line;
    }
    std::string bytes(const std::string &name) { return test::text_of(folder / name); }
    int checkpoints(const std::string &stem) {
        int count = 0;
        for (const auto &entry : fs::directory_iterator(folder.path()))
            count += entry.path().filename().string().starts_with(stem + ".checkpoint-");
        return count;
    }
    /// What the log says that does not hang on the clock.
    std::vector<nlohmann::json> log(const std::string &model) {
        std::vector<nlohmann::json> lines;
        std::istringstream stream(bytes(model + ".log.jsonl"));
        for (std::string line; std::getline(stream, line);) {
            lines.push_back(nlohmann::json::parse(line));
            lines.back().erase("samples_per_second");
        }
        return lines;
    }
};

void wait_for_checkpoint(ShortRun &run, test::Running &running, const std::string &stem) {
    while (!running.ended() && run.checkpoints(stem) == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

}  // namespace

TEST_CASE("a run killed at any moment and started again ends with the bytes of one never killed", "[repeat][resume]") {
    using Clock = std::chrono::steady_clock;
    ShortRun run;
    const Clock::time_point begin = Clock::now();
    const test::Outcome whole = test::run(run.line("whole.safetensors"));
    const Clock::duration duration = Clock::now() - begin;
    CAPTURE(whole.err);
    REQUIRE(whole.exit_code == 0);
    CHECK(run.checkpoints("whole") == 0);

    // As from a run that was killed while it wrote.
    std::ofstream(run.folder / "killed.checkpoint-00000007.safetensors.part") << "cut off";
    // A machine that has become faster since may end a run before it was killed often: then it is run again.
    Random random(1, 1);
    int kills = 0;
    for (int round = 0; round < 5 && kills <= 2; round++) {
        fs::remove(run.folder / "killed.safetensors");
        test::Outcome last;
        for (int starts = 0, most = kills + 12; starts < 40; starts++) {
            test::Running running = test::start(run.line("killed.safetensors"));
            if (kills < most) {
                std::this_thread::sleep_for(duration * (2 + random.below(30)) / 100);
                running.send(SIGKILL);
            }
            last = running.wait();
            if (last.exit_code == 0) break;
            kills++;
        }
        CAPTURE(last.err, kills);
        REQUIRE(last.exit_code == 0);
        CHECK(run.bytes("killed.safetensors") == run.bytes("whole.safetensors"));
        CHECK(run.log("killed.safetensors") == run.log("whole.safetensors"));
        CHECK(run.checkpoints("killed") == 0);
    }
    CHECK(kills > 2);
}

TEST_CASE("a stop signal leaves a checkpoint from which the same command goes on", "[repeat][resume]") {
    ShortRun run;
    const int signal = GENERATE(SIGTERM, SIGUSR1, SIGINT);
    const std::vector<std::string> more =
        signal == SIGINT ? std::vector<std::string>{"--validation-by", "blocks"} : std::vector<std::string>();
    REQUIRE(test::run(run.line("whole.safetensors", more)).exit_code == 0);
    test::Running running = test::start(run.line("stopped.safetensors", more));
    wait_for_checkpoint(run, running, "stopped");
    running.send(signal);
    const test::Outcome stopped = running.wait();
    CAPTURE(stopped.err);
    REQUIRE(stopped.exit_code == 75);
    CHECK_THAT(stopped.err, Catch::Contains("run the same command again to go on"));
    CHECK(run.checkpoints("stopped") <= 2);  // the last ones only

    const test::Outcome resumed = test::run(run.line("stopped.safetensors", more));
    CAPTURE(resumed.err);
    REQUIRE(resumed.exit_code == 0);
    CHECK_THAT(resumed.err, Catch::Contains("goes on after step"));
    CHECK(run.bytes("stopped.safetensors") == run.bytes("whole.safetensors"));
}

TEST_CASE("other options than those of the checkpoint are refused by name, --restart begins anew", "[error][resume]") {
    ShortRun run;
    test::Running running = test::start(run.line("model.safetensors"));
    wait_for_checkpoint(run, running, "model");
    running.send(SIGTERM);
    REQUIRE(running.wait().exit_code == 75);

    const std::vector<std::string> other = run.line("model.safetensors", {"--learning-rate", "0.002"});
    const test::Outcome refused = test::run(other);
    CHECK(refused.exit_code == 65);
    CHECK_THAT(refused.err, Catch::Contains("learning-rate") && Catch::Contains("--restart"));

    std::vector<std::string> anew = other;
    anew.push_back("--restart");
    const test::Outcome restarted = test::run(anew);
    CAPTURE(restarted.err);
    CHECK(restarted.exit_code == 0);
    CHECK_THAT(restarted.err, !Catch::Contains("goes on after step"));
}

TEST_CASE("a damaged checkpoint is passed over for the one before", "[error][resume]") {
    ShortRun run;
    REQUIRE(test::run(run.line("whole.safetensors")).exit_code == 0);
    test::Running running = test::start(run.line("model.safetensors"));
    while (!running.ended() && run.checkpoints("model") < 2) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    running.send(SIGTERM);
    REQUIRE(running.wait().exit_code == 75);
    fs::path newest;
    for (const auto &entry : fs::directory_iterator(run.folder.path()))
        if (entry.path().filename().string().starts_with("model.checkpoint-")) newest = std::max(newest, entry.path());
    fs::resize_file(newest, fs::file_size(newest) / 2);

    const test::Outcome outcome = test::run(run.line("model.safetensors"));
    CAPTURE(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.err, Catch::Contains("an older checkpoint is looked for"));
    CHECK(run.bytes("model.safetensors") == run.bytes("whole.safetensors"));
}

namespace {

/// Runs the program, killed before the `change`-th call that changes which files there are
/// (tests/kill_before_change.cpp).
test::Outcome run_and_kill(int change, std::vector<std::string> arguments) {
    std::vector<std::string> line{"/usr/bin/env", "UNETFLOW_KILL_BEFORE=" + std::to_string(change),
                                  "LD_PRELOAD=" UNETFLOW_KILLER, "ASAN_OPTIONS=verify_asan_link_order=0",
                                  UNETFLOW_PROGRAM};
    line.insert(line.end(), arguments.begin(), arguments.end());
    return test::Running(std::move(line)).wait();
}

/// A run of six steps that validates and saves its state now and then.
struct TinyRun : test::LabelledImages {
    std::vector<std::string> with(const std::vector<std::string> &more = {}) {
        std::vector<std::string> words =
            line("model.safetensors",
                 {"--steps", "6", "--validation", "0.25", "--validate-every", "3", "--checkpoint-every", "0.001s"});
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
    std::string model = (folder / "model.safetensors").string();
    std::vector<std::string> finished_names{
        "images.tif",          "labels.tif", "model.report.html", "model.safetensors", "model.safetensors.log.jsonl",
        "model.validation.png"};
};

}  // namespace

TEST_CASE("a run killed before any change of its folder ends with the same files when it is started again",
          "[repeat][resume]") {
    TinyRun run;
    REQUIRE(test::run(run.with()).exit_code == 0);
    const std::string whole = run.bytes("model.safetensors");
    REQUIRE(test::names_in(run.folder / "") == run.finished_names);
    int changes = 0, complete = 0;
    for (bool ended = false; !ended; changes++) {
        for (const std::string &name : test::names_in(run.folder / ""))
            if (name.starts_with("model.")) fs::remove(run.folder / name);
        const test::Outcome killed = run_and_kill(changes + 1, run.with());
        CAPTURE(changes, killed.err);
        ended = killed.exit_code == 0;
        REQUIRE((ended || killed.exit_code == -1));
        const test::Outcome again = test::run(run.with());
        CAPTURE(again.err);
        REQUIRE(again.exit_code == 0);
        CHECK(again.out == run.model + "\n");
        CHECK(test::names_in(run.folder / "") == run.finished_names);
        CHECK(run.bytes("model.safetensors") == whole);
        CHECK(run.bytes("model.report.html").find("</html>") != std::string::npos);
        complete += again.err.find("complete already") != std::string::npos;
    }
    CHECK(changes > 12);
    CHECK(complete > 4);  // killed after the model had come under its name
}

TEST_CASE("a run that is complete is not made again, another one does not replace its model", "[error][resume]") {
    TinyRun run;
    REQUIRE(test::run(run.with()).exit_code == 0);
    const std::string whole = run.bytes("model.safetensors");
    const auto made = fs::last_write_time(run.model);
    fs::copy_file(run.model, run.folder / "kept.safetensors");
    const auto same = [&](const std::vector<std::string> &more) {
        const test::Outcome outcome = test::run(run.with(more));
        CAPTURE(more, outcome.err);
        CHECK(outcome.exit_code == 0);
        CHECK(outcome.out == run.model + "\n");
        CHECK_THAT(outcome.err, Catch::Contains("model.safetensors: complete already"));
    };
    const auto other = [&](const std::vector<std::string> &more) {
        const test::Outcome outcome = test::run(run.with(more));
        CAPTURE(more);
        CHECK(outcome.exit_code == 73);
        CHECK_THAT(outcome.err, Catch::Contains("model.safetensors: exists; add --overwrite to replace it"));
    };
    same({});
    same({"--threads", "1", "--keep-checkpoints", "1", "--memory-saver", "--restart"});
    same({"--label-kind", "binary", "--validation-by", "slices", "--pooling", "max"});  // what was found anyway
    for (const auto &[name, value] :
         std::vector<std::pair<std::string, std::string>>{{"seed", "2"},
                                                          {"pooling", "average"},
                                                          {"label-kind", "classes"},
                                                          {"validation-by", "blocks"},
                                                          {"ignore-label", "255"},
                                                          {"normalise", "page"},
                                                          {"context-slices", "1"},
                                                          {"z", "0:3"},
                                                          {"batch", "2"},
                                                          {"time-limit", "1m"},
                                                          {"from", (run.folder / "kept.safetensors").string()},
                                                          {"dump-samples", (run.folder / "samples").string()}})
        other({"--" + name, value});
    CHECK(fs::last_write_time(run.model) == made);

    // Checkpoints and best weights that another run has left stay.
    std::vector<std::string> longer = run.with({"--seed", "3", "--overwrite"});
    *(std::find(longer.begin(), longer.end(), "--steps") + 1) = "100000";
    test::Running running = test::start(longer);
    while (!running.ended() && !fs::exists(run.folder / "model.best.safetensors"))
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    running.send(SIGTERM);
    REQUIRE(running.wait().exit_code == 75);
    const auto with_checkpoints = test::names_in(run.folder / "");
    REQUIRE(with_checkpoints.size() > run.finished_names.size() + 2);  // best weights, a checkpoint
    same({});
    CHECK(test::names_in(run.folder / "") == with_checkpoints);

    // Labels that have changed since, if not in what identifies them.
    fs::last_write_time(run.labels, fs::last_write_time(run.model) + std::chrono::seconds(1));
    other({});
    for (const std::string &name : with_checkpoints)
        if (name.find("checkpoint") != std::string::npos) fs::remove(run.folder / name);
    REQUIRE(test::run(run.with({"--overwrite"})).exit_code == 0);
    CHECK(fs::last_write_time(run.model) != made);
    CHECK(run.bytes("model.safetensors") == whole);
}

TEST_CASE("runs that ended early or by the clock are complete, too", "[repeat][resume]") {
    TinyRun run;
    const std::vector<std::string> more = GENERATE(std::vector<std::string>{"--learning-rate", "0", "--patience", "1"},
                                                   std::vector<std::string>{"--time-limit", "1s"});
    const test::Outcome first = test::run(run.with(more));
    CAPTURE(more, first.err);
    REQUIRE(first.exit_code == 0);
    fs::remove(run.folder / "model.report.html");
    const test::Outcome again = test::run(run.with(more));
    CHECK(again.exit_code == 0);
    CHECK(again.out == run.model + "\n");
    CHECK_THAT(again.err, Catch::Contains("complete already") && Catch::Contains("report: "));
    CHECK(fs::exists(run.folder / "model.report.html"));
}
