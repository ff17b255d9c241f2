#include "pipeline/nearest_name.h"
#include "pipeline/option_values.h"
#include "src/base/error.h"
#include <catch2/catch.hpp>

using namespace unet;

TEST_CASE("option values are read whole", "[definition][options]") {
    CHECK(parse_integer("572", 1, 1000) == 572);
    CHECK(parse_integer("-3", -5, 5) == -3);
    CHECK(parse_number("1e-3", 0, 1) == 1e-3);
    CHECK(parse_seconds("90s") == 90);
    CHECK(parse_seconds("1.5h") == 5400);
    CHECK(parse_seconds("20m") == 1200);
    CHECK(parse_seconds("7") == 7);
    CHECK(parse_bytes("2G") == uint64_t(2) << 30);
    CHECK(parse_bytes("1.5m") == 3 << 19);
    CHECK(parse_bytes("1000000") == 1000000);
    CHECK(parse_slices("0:20") == std::pair(0, 20));
    CHECK(parse_rect("1,2,3,4") == Rect{1, 2, 3, 4});
    CHECK(parse_numbers("3,0.5,1e2", 0, 100) == std::vector<double>{3, 0.5, 100});
    CHECK(parse_flag(""));
    CHECK_FALSE(parse_flag("off"));
}

TEST_CASE("option values that mean nothing are refused", "[error][options]") {
    for (const char *text : {"", "12x", "1.5", "0x10", "99999999999999999999", " 1"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(parse_integer(text, 0, 1000), Error);
    }
    CHECK_THROWS_WITH(parse_integer("0", 1, 8), "must be 1 to 8");
    for (const char *text : {"", "nan", "inf", "1,5", "2"}) CHECK_THROWS_AS(parse_number(text, 0, 1), Error);
    for (const char *text : {"", "m", "-3s", "0s", "1d", "1h30m", "nan"}) CHECK_THROWS_AS(parse_seconds(text), Error);
    for (const char *text : {"", "G", "-1G", "1Q", "nan", "99999999T"}) CHECK_THROWS_AS(parse_bytes(text), Error);
    for (const char *text : {"", "3", "3:3", "5:3", "-1:3", "1:2:3", "a:b", ":"})
        CHECK_THROWS_AS(parse_slices(text), Error);
    for (const char *text : {"", "1,2,3", "0,0,0,5", "-1,0,5,5", "1,2,3,4,5", "2147483647,0,2,2"})
        CHECK_THROWS_AS(parse_rect(text), Error);
    for (const char *text : {"", "1,", ",1", "1,,2", "1,x", "1,-1"}) CHECK_THROWS_AS(parse_numbers(text, 0, 9), Error);
    CHECK_THROWS_AS(parse_flag("maybe"), Error);
}

TEST_CASE("the nearest name is found, and none is made up", "[definition][options]") {
    const std::vector<std::string> names{"--tile", "--model", "--images", "--learning-rate", "--z"};
    CHECK(nearest_name("--tiel", names) == "--tile");
    CHECK(nearest_name("--image", names) == "--images");
    CHECK(nearest_name("--learningrate", names) == "--learning-rate");
    CHECK(nearest_name("--colour", names).empty());
    CHECK(nearest_name("--", names) == "--z");
}
