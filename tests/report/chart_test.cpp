#include "src/report/chart.h"
#include "src/report/html_text.h"
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <pugixml.hpp>

using namespace unet;
using Catch::Matchers::Contains;

namespace {

pugi::xml_document drawn(const Chart &chart) {
    const std::string html = chart_html(chart);
    pugi::xml_document tree;
    REQUIRE(tree.load_buffer(html.data(), html.size()).status == pugi::status_ok);
    return tree;
}

std::string path_of(const pugi::xml_document &tree, const std::string &classes) {
    const std::string query = "//path[starts-with(@class, '" + classes + "')]/@d";
    return tree.select_node(query.c_str()).attribute().value();
}

std::vector<std::string> texts(const pugi::xml_document &tree, const char *query) {
    std::vector<std::string> all;
    for (const pugi::xpath_node &found : tree.select_nodes(query)) all.push_back(found.node().text().get());
    return all;
}

}  // namespace

TEST_CASE("A curve of few points is kept as it is, without what is no number", "[definition][chart]") {
    const double none = std::numeric_limits<double>::quiet_NaN(), all = std::numeric_limits<double>::infinity();
    const ThinnedCurve curve = thinned({{1, 2}, {2, none}, {3, all}, {4, 5}}, 2);
    CHECK(curve.points == std::vector<Point>{{1, 2}, {4, 5}});
    CHECK(curve.spans.empty());
    CHECK(thinned({}, 10).points.empty());
}

TEST_CASE("A long curve becomes means of neighbours and what they reach", "[definition][chart]") {
    std::vector<Point> points;
    for (int i = 0; i < 300000; i++) points.push_back({double(i), i == 123456 ? 50.0 : double(i % 2)});
    const ThinnedCurve curve = thinned(points, 1000);
    REQUIRE(curve.points.size() == 1000);
    REQUIRE(curve.spans.size() == 1000);
    CHECK(curve.points[0] == Point{149.5, 0.5});
    CHECK(curve.spans[411].greatest == 50);  // a peak of one point is seen: 123456 / 300
    CHECK(curve.points[411].y == Approx((150.0 + 50) / 300));
    CHECK(curve.spans[999].least == 0);
    CHECK(curve.points[999].x == 299849.5);
    CHECK(thinned({{1, 1}, {2, 3}, {3, 8}}, 2).points == std::vector<Point>{{1, 1}, {2.5, 5.5}});
}

TEST_CASE("Smoothing keeps the first point, and takes what there is before the last", "[definition][chart]") {
    const std::vector<Point> points{{1, 0}, {2, 9}, {3, 0}, {4, 3}, {5, 6}};
    CHECK(smoothed(points, 1) == std::vector<Point>{{1, 0}, {2, 3}, {3, 4}, {4, 3}, {5, 4.5}});
    CHECK(smoothed(points, 0) == points);
    CHECK(smoothed({}, 3).empty());
}

TEST_CASE("An axis ends at round numbers and has round ticks", "[definition][chart]") {
    const Scale linear(0.13, 0.87);
    CHECK(linear.first() == 0);
    CHECK(linear.last() == Approx(1));
    CHECK(linear.ticks().size() == 6);
    CHECK(linear.place(0.25) == Approx(0.25));
    CHECK(linear.place(7) == 1);
    const Scale same(3, 3);
    CHECK(same.place(3) == Approx(0.5).margin(0.2));
    CHECK(Scale(0, 0).ticks().size() > 2);

    const Scale log(0.0123, 4.1, Scale::Kind::logarithmic);
    CHECK(log.first() == Approx(0.01));
    CHECK(log.last() == Approx(5));
    CHECK(log.place(std::sqrt(0.01 * 5)) == Approx(0.5));
    CHECK(log.place(0) == 0);
    for (const double tick : log.ticks()) CHECK(std::log10(tick) == Approx(std::round(std::log10(tick))).margin(1e-9));
    CHECK(Scale(0, 4, Scale::Kind::logarithmic).kind() == Scale::Kind::linear);
    CHECK(Scale(2, 7, Scale::Kind::logarithmic).ticks() == std::vector<double>{2, 5});
}

TEST_CASE("A tick is written shortly", "[definition][chart]") {
    const auto [value, text] = GENERATE(
        table<double, std::string>({{0, "0"}, {0.05, "0.05"}, {2000, "2000"}, {20000, "20k"}, {2.5e6, "2.5M"}}));
    CHECK(tick_text(value) == text);
}

TEST_CASE("A chart has its lines, ticks and legend where they belong", "[definition][chart]") {
    const Chart chart{"Loss", "of the run",        "step",          {{"training", {{0, 0}, {50, 1}, {100, 0.5}}, 2}},
                      {},     std::pair(0.0, 1.0), Mark{50, "best"}};
    const pugi::xml_document tree = drawn(chart);
    CHECK(path_of(tree, "line c2") == "M0 500L500 0L1000 250");
    CHECK(path_of(tree, "dots c2") == "M0 500h0M500 0h0M1000 250h0");
    CHECK(texts(tree, "//span[@class='x tick']") == std::vector<std::string>{"0", "20", "40", "60", "80", "100"});
    CHECK(texts(tree, "//span[@class='y tick']") == std::vector<std::string>{"0", "0.2", "0.4", "0.6", "0.8", "1"});
    CHECK(texts(tree, "//ul/li") == std::vector<std::string>{"training"});
    CHECK(texts(tree, "//span[starts-with(@class, 'mark')]/span") == std::vector<std::string>{"best"});
    CHECK_THAT(tree.select_node("//div/@aria-label").attribute().value(),
               Contains("training: 0 at step 0, 0.5 at step 100"));
}

TEST_CASE("A chart of hundreds of thousands of points stays small", "[definition][chart]") {
    Series series{"loss", {}};
    for (int i = 0; i < 400000; i++) series.points.push_back({double(i), std::exp(-i / 1e5) + 0.01 * (i % 7)});
    const Chart chart{"Loss", "", "step", {series}, Scale::Kind::logarithmic, {}, {}};
    const std::string html = chart_html(chart);
    CHECK(html.size() < 60000);
    CHECK_THAT(html, Contains("class=\"band c0\"") && !Contains("class=\"dots"));
}

TEST_CASE("A chart without points is no chart, and one of a single point is", "[definition][chart]") {
    CHECK(chart_html({"Empty", "", "step", {{"nothing", {}}}, {}, {}, {}}).empty());
    CHECK(path_of(drawn({"One", "", "step", {{"one", {{7, 3}}}}, {}, {}, {}}), "dots c0").starts_with("M0 "));
}
