#include "src/base/error.h"
#include "src/report/picture.h"
#include <catch2/catch.hpp>
#include <cstdlib>
#include <set>

using namespace unet;

namespace {

Colour pixel(const Array<uint8_t> &rgb, int x, int y) { return {rgb(0, x, y), rgb(1, x, y), rgb(2, x, y)}; }

int difference(Colour a, Colour b) {
    return std::abs(a.red - b.red) + std::abs(a.green - b.green) + std::abs(a.blue - b.blue);
}

}  // namespace

TEST_CASE("Percentiles 0.5 and 99.5 of an image become black and white, outliers are cut off",
          "[definition][picture]") {
    Pixels image(1, 100, 11);
    for (size_t i = 0; i < image.values.size(); i++) image.values[i] = float(i);
    image(0, 0) = -1e6f;
    image(99, 10) = 1e6f;
    const Array<uint8_t> shown = show_image(image);
    CHECK(pixel(shown, 0, 0) == Colour{0, 0, 0});
    CHECK(pixel(shown, 99, 10) == Colour{255, 255, 255});
    const float low = 5, high = 1093;  // the values at ranks 0.005 * 1099 and 0.995 * 1099, rounded down
    const auto expected = uint8_t((image(50, 5) - low) / (high - low) * 255 + 0.5f);
    CHECK(pixel(shown, 50, 5) == Colour{expected, expected, expected});
}

TEST_CASE("An image of one value, and one of three channels, can be shown", "[definition][picture]") {
    CHECK(show_image(Pixels(1, 3, 2, 7)) == Array<uint8_t>(3, 3, 2, 0));
    Pixels colours(3, 2, 1);
    colours(0, 0, 0) = 5, colours(1, 1, 0) = 9, colours(2, 0, 0) = 1;
    const Array<uint8_t> shown = show_image(colours);
    CHECK(pixel(shown, 0, 0).green == 0);
    CHECK(pixel(shown, 1, 0).red == 0);
}

TEST_CASE("Two classes are black and white; more have colours of their own", "[definition][picture]") {
    CHECK(class_colour(0, 2) == Colour{0, 0, 0});
    CHECK(class_colour(1, 2) == Colour{255, 255, 255});
    for (int a = 0; a < 8; a++)
        for (int b = 0; b < a; b++) CHECK(difference(class_colour(uint8_t(a), 8), class_colour(uint8_t(b), 8)) > 80);
    CHECK(class_colour(ignored, 2) == class_colour(ignored, 8));
}

TEST_CASE("Larger weights are lighter, 0 is black", "[definition][picture]") {
    Pixels weights(1, 50, 1);
    for (int x = 0; x < 50; x++) weights(x, 0) = 0.2f * float(x);
    const Array<uint8_t> shown = show_weights(weights);
    const auto light = [&](int x) { return 0.3 * shown(0, x, 0) + 0.6 * shown(1, x, 0) + 0.1 * shown(2, x, 0); };
    CHECK(light(0) < 1);
    for (int x = 1; x < 50; x++) CHECK(light(x) > light(x - 1));
    CHECK(pixel(shown, 49, 0) == Colour{252, 253, 191});
    CHECK(show_weights(Pixels(1, 3, 2)) == show_weights(Pixels(1, 3, 2, 0)));
}

TEST_CASE("Pictures are laid one below the other", "[definition][picture]") {
    const Array<uint8_t> one(3, 2, 1, 7), two(3, 2, 2, 9), both = stacked({one, two});
    CHECK(both.height == 3);
    CHECK(pixel(both, 1, 0) == Colour{7, 7, 7});
    CHECK(pixel(both, 0, 2) == Colour{9, 9, 9});
}

TEST_CASE("A difference shows which class was missed, and where truth is ignored", "[definition][picture]") {
    Classes truth(1, 5, 1), prediction(1, 5, 1);
    truth.values = {0, 1, 0, 1, ignored};
    prediction.values = {0, 1, 1, 0, 1};
    const Array<uint8_t> shown = show_difference(truth, prediction, 2);
    CHECK(pixel(shown, 1, 0) == Colour{255, 255, 255});
    std::set<std::vector<int>> colours;
    for (int x = 0; x < 5; x++) colours.insert({shown(0, x, 0), shown(1, x, 0), shown(2, x, 0)});
    CHECK(colours.size() == 5);
}

TEST_CASE("Panels stand side by side with their pixels unchanged, enlarged when small", "[definition][picture]") {
    const auto [size, scale] = GENERATE(table<int, int>({{300, 1}, {256, 1}, {100, 3}, {1, 256}}));
    CAPTURE(size, scale);
    Array<uint8_t> red(3, size, size), blue(3, size, size);
    for (int y = 0; y < size; y++)
        for (int x = 0; x < size; x++) red(0, x, y) = uint8_t(x + y), blue(2, x, y) = uint8_t(x * 3 + y);
    const Array<uint8_t> row = panel_row({{"left", red}, {"right", blue}});
    const int shown = size * scale, gap = (row.width - 2 * shown) / 3, top = row.height - gap - shown;
    CHECK(row.width == 2 * shown + 3 * gap);
    CHECK(gap > 0);
    for (int y = 0; y < shown; y += 3)
        for (int x = 0; x < shown; x += 5) {
            REQUIRE(pixel(row, gap + x, top + y) == pixel(red, x / scale, y / scale));
            REQUIRE(pixel(row, 2 * gap + shown + x, top + y) == pixel(blue, x / scale, y / scale));
        }
    CHECK(pixel(row, 0, 0) == Colour{255, 255, 255});
}

TEST_CASE("A picture has the panels that there is something for", "[definition][picture]") {
    const Pixels image(1, 300, 300, 1);
    const Classes map(1, 300, 300, 1), none;
    const int all = side_by_side({image, map, {}, map}, 2).width, two = side_by_side({image, none, {}, map}, 2).width;
    const int one = side_by_side({image, none, {}, none}, 2).width;
    CHECK(two - one == (all - one) / 3);
    CHECK(side_by_side({image, map, {}, none}, 2).width == two);
    CHECK(side_by_side({image, map, image, map}, 2).width - all == two - one);
    CHECK(side_by_side({{}, map, {}, map}, 2).width == all - (two - one));
}

TEST_CASE("Every letter of the captions has a shape of its own", "[definition][picture]") {
    const std::string letters = "abcdefghijklmnopqrstuvwxyz0123456789.,-:%";
    std::set<std::string> shapes;
    for (char letter : letters + "~") {  // ~ is not in the font: the box
        Array<uint8_t> picture(3, letter_step, 9);
        draw_text(picture, 0, 0, std::string(1, letter), 1, {255, 255, 255});
        CHECK(std::count(picture.values.begin(), picture.values.end(), 255) > 0);
        shapes.emplace(picture.values.begin(), picture.values.end());
    }
    CHECK(shapes.size() == letters.size() + 1);
}

TEST_CASE("Text is as wide as it says, and is cut off at the border", "[definition][picture]") {
    const int scale = GENERATE(1, 3);
    const std::string text = "mm";
    Array<uint8_t> picture(3, text_width(text, scale), 9 * scale), cut(3, 4, 4);
    draw_text(picture, 0, 0, text, scale, {255, 255, 255});
    const auto lit = [&](int x) {
        for (int y = 0; y < picture.height; y++)
            if (picture(0, x, y)) return true;
        return false;
    };
    CHECK(lit(0));
    CHECK(lit(picture.width - 1));
    CHECK_NOTHROW(draw_text(cut, -7, -3, "cut off", scale, {1, 2, 3}));
}

TEST_CASE("Maps of another size than the image are refused", "[error][picture]") {
    const Pixels image(1, 40, 30);
    try {
        side_by_side({image, Classes(1, 40, 31), {}, {}}, 2);
        FAIL("no error");
    } catch (const Error &error) {
        CHECK(error.code == Exit::data);
        CHECK(std::string(error.what()) ==
              "truth: 40 x 31 pixels, but the image has 40 x 30; give files that belong together");
    }
}
