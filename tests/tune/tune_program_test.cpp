#include "src/kernels/kernels.h"
#include "tests/pipeline/run_program.h"
#include "tune/kernel_list.h"
#include "tune/machine_name.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

using namespace unet;

namespace {

/// One kernel of a tiny network; little time.
std::vector<std::string> tiny(const std::string &output, std::vector<std::string> more = {}) {
    std::vector<std::string> words{"--width",   "16",          "--depth",  "1",    "--tile",         "92",
                                   "--kernels", "max_pool2x2", "--output", output, "--skip-training"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

/// What the build makes of a profile, by the function it uses.
std::string knobs_of_build(const std::filesystem::path &folder, const std::string &kernel, const std::string &target) {
    const test::TemporaryFolder out;
    const std::string command = std::string(UNETFLOW_CMAKE) + " -DFOLDER=" + folder.string() + " -DKERNEL=" + kernel +
                                " -DTARGET=" + target + " -DOUTPUT=" + (out / "knobs").string() +
                                " -P tests/tune/read_profile.cmake";
    REQUIRE(std::system(command.c_str()) == 0);
    return test::text_of(out / "knobs");
}

}  // namespace

TEST_CASE("a tiny run writes a profile that a build reads, and a report", "[definition]") {
    const test::TemporaryFolder folder;
    std::ofstream(folder / "generic.txt") << "# none\n";
    const std::string profile = (folder / "here.txt").string();
    const test::Outcome outcome = test::run(tiny(profile, {"--minutes", "0.2"}));
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK(outcome.out.find("max_pool2x2") != std::string::npos);
    CHECK(outcome.out.find("the same bytes") != std::string::npos);
    const std::string text = test::text_of(profile);
    CAPTURE(text);
    CHECK(text.find("# machine: " + machine_name() + "\n") != std::string::npos);
    CHECK(text.find("# measured: 20") != std::string::npos);
    CHECK(test::text_of(folder / "here.report.html").find("</html>") != std::string::npos);
    CHECK(!std::filesystem::exists(folder / "here.txt.findings.json"));

    // The build finds it by the machine, and what it reads is what the line says.
    const std::string target(kernels().name);
    std::string expected;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("max_pool2x2 ")) expected = "rows=" + line.substr(line.find("rows=") + 5, 2);
    expected.erase(expected.find_last_not_of(' ') + 1);
    CHECK(knobs_of_build(folder.path(), "max_pool2x2", target) == "here;generic:" + expected);

    const test::Outcome again = test::run(tiny(profile, {"--minutes", "0.1"}));
    CHECK(again.exit_code == 73);
    CHECK(again.err == "unetflow-tune: " + profile + ": exists already; choose another name or add --overwrite\n");
}

TEST_CASE("a run that was stopped goes on where it was", "[repeat]") {
    const test::TemporaryFolder folder;
    const std::string profile = (folder / "here.txt").string(), kept = profile + ".findings.json";
    const auto words = tiny(profile, {"--minutes", "5"});
    test::Running running = test::start(words);
    const auto has_trial = [&] { return test::text_of(kept).find("\"gain\"") != std::string::npos; };
    while (!running.ended() && !has_trial()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const int signal = GENERATE(SIGTERM, SIGKILL);
    running.send(signal);
    const test::Outcome stopped = running.wait();
    CAPTURE(signal, stopped.err);
    REQUIRE(stopped.exit_code == (signal == SIGTERM ? 75 : -1));
    REQUIRE(!std::filesystem::exists(profile));
    REQUIRE(has_trial());

    const test::Outcome other = test::run(tiny(profile, {"--minutes", "5", "--classes", "3"}));
    CHECK(other.exit_code == 65);
    CHECK(other.err.find("is of a run with classes 2, not 3") != std::string::npos);

    const test::Outcome done = test::run(words);
    CAPTURE(done.err);
    CHECK(done.exit_code == 0);
    CHECK(done.err.find("goes on after ") != std::string::npos);
    CHECK(done.err.find("  rows=1: ") == std::string::npos);  // the first trial is not made again
    CHECK(std::filesystem::exists(profile));
    CHECK(!std::filesystem::exists(kept));
}

TEST_CASE("wrong options of unetflow-tune end in one line", "[error]") {
    const auto refused = [](std::vector<std::string> words) {
        const test::Outcome outcome = test::run(std::move(words));
        CHECK(outcome.exit_code == 64);
        return outcome.err;
    };
    CHECK(refused({"--minute", "3"}) ==
          "unetflow-tune: there is no option --minute; did you mean --minutes?; see `unetflow-tune --help`\n");
    const test::TemporaryFolder folder;
    const std::string profile = (folder / "here.txt").string();
    auto words = tiny(profile);
    words[7] = "max_pool2x";
    CHECK(refused(words) ==
          "unetflow-tune: --kernels max_pool2x: no kernel of this network that has knobs; did you mean max_pool2x2?\n");
}

TEST_CASE("unetflow-tune explains itself", "[definition]") {
    const test::Outcome help = test::run({"--help"});
    CHECK(help.exit_code == 0);
    CHECK(help.out.starts_with("unetflow-tune: "));
    CHECK(help.out.find("--minutes") != std::string::npos);
}
