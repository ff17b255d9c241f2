#include "pipeline/stack_files.h"
#include "src/base/error.h"
#include "tests/temporary_folder.h"
#include <catch2/catch.hpp>
#include <fstream>

using namespace unet;
namespace fs = std::filesystem;

TEST_CASE("one output file takes all inputs as one stack", "[definition][segment]") {
    const auto plan = plan_files({{"a.tif", "b.tif"}}, "out/x.tif", {"classes"});
    REQUIRE(plan.size() == 1);
    CHECK(plan[0].inputs == std::vector<fs::path>{"a.tif", "b.tif"});
    CHECK(plan[0].outputs == std::vector<fs::path>{"out/x.tif"});
}

TEST_CASE("a folder gets a file per input, and two kinds get two names", "[definition][segment]") {
    const auto plan = plan_files({{"in/a.TIFF", "in/b.tif"}}, "out/", {"classes", "probabilities"});
    REQUIRE(plan.size() == 2);
    CHECK(plan[0].outputs == std::vector<fs::path>{"out/a.classes.tif", "out/a.probabilities.tif"});
    CHECK(plan[1].inputs == std::vector<fs::path>{"in/b.tif"});
    CHECK(plan_files({{"a.tif"}}, "x.tif", {"classes", "probabilities"})[0].outputs ==
          std::vector<fs::path>{"x.classes.tif", "x.probabilities.tif"});
}

TEST_CASE("outputs that would destroy something are refused", "[error][segment]") {
    const test::TemporaryFolder folder;
    const fs::path input = folder / "a.tif", old = folder / "old.tif";
    std::ofstream(input) << "x";
    std::ofstream(old) << "x";

    CHECK_THROWS_AS(plan_files({{"p/a.tif", "q/a.tif"}}, "out/", {"classes"}), Error);
    CHECK_THROWS_WITH(prepare_outputs({{{input}, {old}}}, false), Catch::Matchers::Contains("--overwrite"));
    CHECK_NOTHROW(prepare_outputs({{{input}, {old}}}, true));
    CHECK_THROWS_WITH(prepare_outputs({{{input}, {input}}}, true), Catch::Matchers::Contains("is an input too"));
    CHECK_THROWS_AS(prepare_outputs({{{input}, {input / "below" / "x.tif"}}}, true), Error);
}
