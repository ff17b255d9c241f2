#include "generated/version.h"
#include "tests/pipeline/run_program.h"
#include <catch2/catch.hpp>

using namespace unet;
using Catch::Matchers::Contains;

namespace {

struct BadLine {
    std::vector<std::string> arguments;
    int exit_code;
    std::string message;
};

const BadLine bad_lines[] = {
    {{}, 64, "say what to do"},
    {{"segmnet"}, 64, "there is no verb segmnet; did you mean segment?"},
    {{"frobnicate"}, 64, "there is no verb frobnicate; see"},
    {{"help", "trian"}, 64, "did you mean train?"},
    {{"train"}, 64, "--images PATH... is missing"},
    {{"train", "--images", "a.tif", "--labels", "b.tif"}, 64, "--model FILE is missing"},
    {{"segment", "--modle", "m"}, 64, "there is no option --modle; did you mean --model?"},
    {{"segment", "--tile"}, 64, "--tile"},
    {{"bench", "--json", "--quiet"}, 64, "--json needs a value and is followed by --quiet"},
    {{"segment", "--tile", "abc"}, 64, "--tile abc: is not a whole number"},
    {{"segment", "--tile", "0"}, 64, "--tile 0: must be 1 to"},
    {{"segment", "--tile", "-5"}, 64, "--tile -5: must be 1 to"},
    {{"segment", "--tile", "5", "--tile", "6"}, 64, "--tile is given twice"},
    {{"segment", "--threads", "0"}, 64, "--threads 0: must be 1 to"},
    {{"segment", "--emit", "classes,pictures"}, 64, "must be classes, probabilities or classes,probabilities"},
    {{"segment", "--emit", ""}, 64, "must be classes, probabilities or classes,probabilities"},
    {{"segment", "--probability-type", "u32"}, 64, "must be one of u8|u16|f32"},
    {{"segment", "--z", "5:5"}, 64, "--z 5:5: is not a range of slices"},
    {{"segment", "--roi", "1,2,3"}, 64, "--roi 1,2,3: is not x,y,width,height"},
    {{"segment", "stray.tif"}, 64, "belongs to no option"},
    {{"segment", "--model", "m", "--input", "i", "--output", "o", "-x"}, 64, "unetflow: "},
    {{"segment", "--quiet=maybe"}, 64, "--quiet"},
    {{"train", "--time-limit", "soon"}, 64, "--time-limit soon: is not a time; write 90s, 20m or 1h"},
    {{"train", "--pooling", "min"}, 64, "--pooling min: must be one of max|average"},
    {{"train", "--label-kind", "cats"}, 64, "--label-kind cats: "},
    {{"train", "--learning-rate", "nan"}, 64, "--learning-rate nan: is not a number"},
    {{"train", "--validation", "1"}, 64, "--validation 1: must be 0 to 0.9"},
    {{"info"}, 64, "name at least one PATH"},
    {{"info", "/nowhere/x.tif"}, 66, "/nowhere/x.tif"},
    {{"info", "--config", "/nowhere/x.ini", "y.tif"}, 66, "/nowhere/x.ini: cannot be opened"},
    {{"bench", "--target", "cray"}, 64, "cray"},
    {{"bench", "--width", "99999"}, 64, "--width 99999: must be 1 to"},
};

bool is_one_line(const std::string &text) {
    return text.starts_with("unetflow: ") && text.find('\n') == text.size() - 1;
}

}  // namespace

TEST_CASE("a wrong command line gets one line that helps, and exit code 64 or 66", "[error][cli]") {
    const BadLine bad = GENERATE(from_range(std::begin(bad_lines), std::end(bad_lines)));
    CAPTURE(bad.arguments);
    const test::Outcome outcome = test::run(bad.arguments);
    CAPTURE(outcome.err);
    CHECK(outcome.exit_code == bad.exit_code);
    CHECK(is_one_line(outcome.err));
    CHECK_THAT(outcome.err, Contains(bad.message));
    CHECK(outcome.out.empty());
}

TEST_CASE("every verb explains itself with its options and two examples", "[definition][cli]") {
    const std::string verb = GENERATE("info", "check", "synth", "train", "segment", "evaluate", "bench", "picture");
    const test::Outcome by_option = test::run({verb, "--help"}), by_verb = test::run({"help", verb});
    CHECK(by_option.exit_code == 0);
    CHECK(by_option.out == by_verb.out);
    CHECK(by_option.err.empty());
    CHECK_THAT(by_option.out, Contains("Examples:") && Contains("--threads N") && Contains("--config FILE"));
    size_t examples = 0;
    for (size_t at = 0; (at = by_option.out.find("\n  unetflow " + verb, at)) != std::string::npos; at++) examples++;
    CHECK(examples == 2);
    CHECK_THAT(test::run({"--help"}).out, Contains("\n  " + verb + " "));
}

TEST_CASE("the version names the kernels compiled and chosen", "[definition][cli]") {
    const std::string text = test::run({"--version"}).out;
    CHECK_THAT(text,
               Contains(std::string("unetflow ") + version) && Contains("kernels chosen: ") && Contains("\nMPI: "));
    CHECK_THAT(text, Contains("avx512") && Contains("avx2") && Contains("sse41"));
}

TEST_CASE("a config file gives options, and the command line wins over it", "[definition][cli]") {
    const test::TemporaryFolder folder;
    const std::string config = folder / "run.ini";
    std::ofstream(config) << "# a comment\nkind = cells\nsize = 40\nslices = 3\nquiet = true\n";
    const auto synth = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"synth", "--config", config, "--output", folder / "stack"});
        return test::run(more);
    };
    REQUIRE(synth({"--slices", "2"}).exit_code == 0);
    const std::string info = test::run({"info", folder / "stack/images.tif", "--json", "-"}).out;
    CHECK_THAT(info, Contains("\"pages\": 2") && Contains("\"width\": 40"));

    std::ofstream(config) << "sizes = 40\n";
    const test::Outcome outcome = synth({});
    CHECK(outcome.exit_code == 64);
    CHECK_THAT(outcome.err, Contains("run.ini: there is no option --sizes; did you mean --size?"));
}
