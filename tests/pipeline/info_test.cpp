#include "pipeline/info.h"
#include "src/base/error.h"
#include "tests/pipeline/run_program.h"
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace unet;

namespace {

const std::string stacks = "tests/data/tiff/";

struct Told {
    Exit code;
    std::string message;
    nlohmann::json json;
};

Told info_of(const std::vector<std::string> &files) {
    const test::TemporaryFolder folder;
    const std::string json = folder / "info.json";
    Told told{Exit::done, "", {}};
    try {
        run_info({.files = files, .json = json});
    } catch (const Error &error) {
        told.code = error.code;
        told.message = error.what();
    }
    told.json = nlohmann::json::parse(test::text_of(json));
    return told;
}

}  // namespace

TEST_CASE("info tells of one file as an object and of several as an array", "[definition][info]") {
    const nlohmann::json one = info_of({stacks + "seven-pages-big-planes.tif"}).json;
    REQUIRE(one.is_object());
    CHECK(one["pages"] == 7);
    CHECK(one["width"] == 37);
    CHECK(one["height"] == 21);
    CHECK(one["samples"] == 2);
    CHECK(one["type"] == "u16");
    CHECK(one["planar"] == true);
    CHECK(one["bigtiff"] == true);
    CHECK(one["byte_order"] == "little");
    CHECK(one["compression"] == "none");
    CHECK(one["layout"]["kind"] == "strips");
    CHECK(one["axes"] == "ISYX");
    CHECK(one["shape"] == nlohmann::json{7, 2, 21, 37});
    CHECK(one["stack"] == true);
    CHECK_FALSE(one.contains("voxel"));

    const nlohmann::json two = info_of({stacks + "u8-deflate-strips.tif", stacks + "imagej-hyperstack.tif"}).json;
    REQUIRE(two.is_array());
    REQUIRE(two.size() == 2);
    CHECK(two[0]["compression"] == "deflate");
    CHECK(two[1]["axes"] == "TZCYX");
    CHECK(two[1]["voxel"] == nlohmann::json{{"x", 0.25}, {"y", 0.5}, {"z", 2.0}, {"unit", "µm"}});
}

TEST_CASE("info goes on after a bad file and ends with the worst exit code", "[error][info]") {
    const test::TemporaryFolder folder;
    const std::string empty = folder / "empty.tif", missing = folder / "missing.tif";
    std::ofstream{empty};
    const std::string good = stacks + "u8-le.tif";

    CHECK(info_of({good}).code == Exit::done);
    CHECK(info_of({empty}).code == Exit::data);
    CHECK_THAT(info_of({empty}).message, Catch::Contains("empty.tif: is empty"));
    const Told told = info_of({empty, missing, good});
    CHECK(told.code == Exit::no_input);
    CHECK_THAT(told.message, Catch::Contains("2 of 3 files"));
    REQUIRE(told.json.size() == 3);
    CHECK(told.json[0]["exit_code"] == 65);
    CHECK(told.json[1]["exit_code"] == 66);
    CHECK(told.json[2]["pages"] == 1);
}
