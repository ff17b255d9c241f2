// What becomes of a segmentation that is killed, stopped, or out of space.
#include "pipeline/journal.h"
#include "tests/families.h"
#include "tests/pipeline/long_run.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

using namespace unet;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

using test::LongRun, test::Words, test::wait_until;

size_t lines_of(const fs::path &path) {
    const std::string text = test::text_of(path);
    return size_t(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("a segmentation killed 50 times ends with the bytes of one never killed", "[repeat][segment_resume]") {
    LongRun run;
    int later = 0;
    const auto look = [&](const test::Outcome &ended) {
        later += ended.err.find("goes on after") != std::string::npos;
    };
    test::kill_often(
        run, [&](const std::string &output) { return run.line(output); }, 50, 2, look);
    CHECK(later > 10);
}

TEST_CASE("a stop signal ends in exit code 75, and the same command goes on", "[repeat][segment_resume]") {
    LongRun run;
    test::write_model(run.model, {.channels = 1, .classes = 3, .width = 32, .depth = 2});  // takes a second
    const int signal = GENERATE(SIGTERM, SIGINT, SIGUSR1);
    REQUIRE(test::run(run.line("whole.tif")).exit_code == 0);
    test::Running running = test::start(run.line("stopped.tif"));
    wait_until(running, [&] { return lines_of(run.folder / "stopped.classes.tif.journal") > 1; });
    running.send(signal);
    const test::Outcome stopped = running.wait();
    CAPTURE(stopped.err);
    REQUIRE(stopped.exit_code == 75);
    CHECK_THAT(stopped.err, Contains("stopped by a signal before the end; run the command again"));
    CHECK_FALSE(fs::exists(run.folder / "stopped.classes.tif"));

    const test::Outcome again = test::run(run.line("stopped.tif", {"--threads", "1", "--tile", "124"}));
    CHECK(again.exit_code == 0);
    CHECK_THAT(again.err, Contains("stopped.classes.tif: goes on after "));
    CHECK(run.same("stopped", "whole"));
}

TEST_CASE("another run's unfinished output is refused with the difference named", "[error][segment_resume]") {
    LongRun run;
    const fs::path journal = run.folder / "o.classes.tif.journal";
    test::Running running = test::start(run.line("o.tif"));
    wait_until(running, [&] { return lines_of(journal) > 1; });
    running.send(SIGKILL);
    REQUIRE(running.wait().exit_code == -1);

    const auto refused = [&](const Words &more, const std::string &fact) {
        const test::Outcome outcome = test::run(run.line("o.tif", more));
        CHECK(outcome.exit_code == 65);
        CHECK_THAT(outcome.err, Contains("o.classes.tif.journal: was made with " + fact));
        CHECK_THAT(outcome.err, Contains("or add --restart to begin anew"));
    };
    refused({"--z", "1:6"}, "z nothing, not '1:6'");
    if (test::float16_or_skip()) refused({"--precision", "float16"}, "precision nothing, not 'float16'");
    refused({"--roi", "0,0,600,550"}, "roi nothing, not '0,0,600,550'");
    refused({"--output-layout", "preallocated"}, "output-layout 'bands', not 'preallocated'");
    const fs::file_time_type time = fs::last_write_time(run.stack);
    fs::last_write_time(run.stack, time + std::chrono::seconds(1));
    refused({}, "input-times");
    test::write_texture(run.stack, 600, 560, 6, 6);
    refused({}, "input '1 file, ");
    test::write_model(run.model, test::small_net, {20, 230});
    refused({}, "input");
    CHECK(lines_of(journal) > 1);

    CHECK(test::run(run.line("o.tif", {"--restart"})).exit_code == 0);
    REQUIRE(test::run(run.line("whole.tif")).exit_code == 0);
    CHECK(run.same("o", "whole"));
}

TEST_CASE("a full disk ends in exit code 74, and the same command goes on when there is space",
          "[error][segment_resume]") {
    LongRun run;
    const Words f32{"--probability-type", "f32"};
    const test::Outcome full = test::run_with_small_disk(2000, run.line("out.tif", f32));
    CAPTURE(full.err);
    CHECK(full.exit_code == 74);
    CHECK_THAT(full.err, Contains("out.probabilities.tif: writing failed: "));
    CHECK_FALSE(fs::exists(run.folder / "out.probabilities.tif"));
    const test::Outcome again = test::run(run.line("out.tif", f32));
    CHECK(again.exit_code == 0);
    REQUIRE(test::run(run.line("whole.tif", f32)).exit_code == 0);
    CHECK(run.same("out", "whole"));
}

TEST_CASE("a run that is complete ends at once and changes nothing", "[repeat][segment_resume]") {
    LongRun run;
    REQUIRE(test::run(run.line("o.tif")).exit_code == 0);
    const fs::file_time_type time = fs::last_write_time(run.folder / "o.classes.tif");
    const test::Outcome again = test::run(run.line("o.tif"));
    CHECK(again.exit_code == 0);
    CHECK_THAT(again.err, Contains("complete already"));
    CHECK(again.out ==
          (run.folder / "o.classes.tif").string() + "\n" + (run.folder / "o.probabilities.tif").string() + "\n");
    CHECK(fs::last_write_time(run.folder / "o.classes.tif") == time);
    const test::Outcome other = test::run(run.line("o.tif", {"--z", "0:2"}));
    CHECK(other.exit_code == 73);
    fs::last_write_time(run.stack, time + std::chrono::seconds(60));
    const test::Outcome newer = test::run(run.line("o.tif"));
    CHECK(newer.exit_code == 73);
    CHECK_THAT(newer.err, Contains("is older than its inputs; add --overwrite"));
    CHECK(test::run(run.line("o.tif", {"--overwrite"})).exit_code == 0);
}

TEST_CASE("what is finished is of this run and this input, or it is left alone", "[error][segment_resume]") {
    LongRun run;
    REQUIRE(test::run(run.line("o.tif")).exit_code == 0);
    const std::string finished = run.bytes("o.classes.tif");
    const fs::file_time_type time = fs::last_write_time(run.stack);
    test::write_texture(run.stack, 600, 560, 6, 6);  // another input, as old and as large
    fs::last_write_time(run.stack, time);
    CHECK(test::run(run.line("o.tif")).exit_code == 73);
    CHECK(test::run(run.line("o.tif", {"--restart"})).exit_code == 73);  // which is about unfinished outputs
    CHECK(run.bytes("o.classes.tif") == finished);
    CHECK(test::run(run.line("o.tif", {"--overwrite"})).exit_code == 0);
    CHECK(run.bytes("o.classes.tif") != finished);
}

TEST_CASE("two runs do not write one output, and what a disk has lost is computed again", "[error][segment_resume]") {
    LongRun run;
    test::write_model(run.model, {.channels = 1, .classes = 3, .width = 32, .depth = 2});
    const fs::path part = run.folder / "o.probabilities.tif.part", journal = run.folder / "o.probabilities.tif.journal";
    test::Running running = test::start(run.line("o.tif"));
    for (const size_t lines : {1, 3}) {  // before its first band, and after
        wait_until(running, [&] { return lines_of(journal) >= lines; });
        running.send(SIGSTOP);
        const test::Outcome second = test::run(run.line("o.tif"));
        CHECK(second.exit_code == 73);
        CHECK_THAT(second.err, Contains("is being written by another run"));
        CHECK(fs::exists(journal));
        if (lines == 1) running.send(SIGCONT);
    }
    running.send(SIGKILL);
    running.send(SIGCONT);
    REQUIRE(running.wait().exit_code == -1);

    // A byte of the second band.
    JournalReader reader(journal);
    const uint64_t end = (reader.next(), reader.next()->end);
    std::fstream file(part, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(std::streamoff(end - 100));
    const char byte = char(file.get());
    file.seekp(std::streamoff(end - 100));
    file.put(char(byte ^ 1));
    file.close();
    const test::Outcome again = test::run(run.line("o.tif"));
    CHECK_THAT(again.err, Contains("goes on after 1 band\n"));
    REQUIRE(test::run(run.line("whole.tif")).exit_code == 0);
    CHECK(run.same("o", "whole"));
}

TEST_CASE("--log-json says what happened, over all lives of a run", "[definition][segment_resume]") {
    LongRun run;
    test::write_model(run.model, {.channels = 1, .classes = 3, .width = 32, .depth = 2});
    const Words more{"--log-json", run.folder / "events.jsonl"};
    test::Running running = test::start(run.line("o.tif", more));
    wait_until(running, [&] { return lines_of(run.folder / "o.classes.tif.journal") > 1; });
    running.send(SIGTERM);
    REQUIRE(running.wait().exit_code == 75);
    REQUIRE(test::run(run.line("o.tif", more)).exit_code == 0);

    std::ifstream file(run.folder / "events.jsonl");
    std::vector<nlohmann::json> events;
    for (std::string line; std::getline(file, line);) events.push_back(nlohmann::json::parse(line));
    Words kinds;
    for (const nlohmann::json &event : events) {
        CHECK(event.at("resident_bytes") > 1000000);
        CHECK(event.at("time").get<std::string>().size() == 20);
        if (event.at("event") != "band" && event.at("event") != "checkpoint") kinds.push_back(event.at("event"));
    }
    CHECK(kinds == Words{"start", "stopped", "start", "done"});
    CHECK(events.front().at("bands") == 12);
    CHECK(events.back().at("bands_done") == 12);
    CHECK(events.back().at("bands_per_second") > 0);
    CHECK(events.back().at("resident_bytes") < events.front().at("planned_bytes"));
}
