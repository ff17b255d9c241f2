#include "src/base/random.h"
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
