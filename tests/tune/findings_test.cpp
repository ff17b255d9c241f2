#include "src/base/error.h"
#include "src/base/part_file.h"
#include "tests/temporary_folder.h"
#include "tune/findings.h"
#include <catch2/catch.hpp>

using namespace unet;

namespace {

Findings some_findings() {
    Findings findings{.run = {{"width", "16"}, {"threads", "2"}}, .seconds = 12.5, .kernels = {}};
    findings.kernels.push_back({.kernel = "conv3x3",
                                .before = {},
                                .after = {{"rows", 8}},
                                .seconds_before = 0.5,
                                .seconds_after = 0.25,
                                .trials = {{{{"rows", 4}}, -0.125, false, ""},
                                           {{{"rows", 8}}, 0.5, true, ""},
                                           {{{"rows", 3}}, 0, false, "other bytes than the default"}},
                                .finished = true});
    return findings;
}

}  // namespace

TEST_CASE("what was found is read as it was written", "[definition]") {
    const test::TemporaryFolder folder;
    const Findings written = some_findings();
    write_findings(folder / "f.json", written);
    const Findings read = read_findings(folder / "f.json", written.run);
    CHECK(read.seconds == written.seconds);
    REQUIRE(read.kernels.size() == 1);
    const KernelFindings &kernel = read.kernels[0], &expected = written.kernels[0];
    CHECK(kernel.kernel == expected.kernel);
    CHECK(kernel.before == expected.before);
    CHECK(kernel.after == expected.after);
    CHECK(kernel.gain() == 1.0);
    CHECK(kernel.finished);
    REQUIRE(kernel.trials.size() == 3);
    CHECK(kernel.trials[1].taken);
    CHECK(kernel.trials[2].refused == "other bytes than the default");
    CHECK(kernel.tried({{"rows", 4}}));
    CHECK(!kernel.tried({{"rows", 5}}));
}

TEST_CASE("findings of another run are refused with what differs", "[error]") {
    const test::TemporaryFolder folder;
    write_findings(folder / "f.json", some_findings());
    const std::string path = (folder / "f.json").string();
    CHECK_THROWS_WITH(read_findings(path, {{"width", "32"}, {"threads", "2"}}),
                      path + ": is of a run with width 16, not 32; give the options of that run, or --restart");
    CHECK_THROWS_WITH(read_findings(path, {{"tile", "252"}}),
                      path + ": is of a run with tile nothing, not 252; give the options of that run, or --restart");
}

TEST_CASE("damaged findings are refused in one line", "[error]") {
    const test::TemporaryFolder folder;
    const std::string path = (folder / "f.json").string();
    for (const char *text : {"", "{", "[1]", R"({"run": {}, "seconds": "x", "kernels": []})",
                             R"({"run": {}, "seconds": 1, "kernels": [{"kernel": 3}]})",
                             R"({"run": {}, "seconds": 1, "kernels": [{"kernel": "sgd", "before": "rows"}]})"}) {
        CAPTURE(text);
        write_text(path, text);
        CHECK_THROWS_WITH(read_findings(path, {}), path + ": is damaged; remove it, or give --restart");
    }
}
