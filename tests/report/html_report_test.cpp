#include "src/base/random.h"
#include "src/report/html_report.h"
#include "src/report/html_text.h"
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <pugixml.hpp>
#include <rapidcheck.h>
#include <set>

using namespace unet;
using Catch::Matchers::Contains;

namespace {

const std::string hostile = "<script>alert('\"&')</script>]]>\x01\xFF\n{}";
const std::string as_text = "<script>alert('\"&')</script>]]>\xEF\xBF\xBD\xEF\xBF\xBD {}";  // what a reader sees

// The page as a tree; fails where it is not well-formed.
pugi::xml_document tree_of(const std::string &page) {
    pugi::xml_document tree;
    const pugi::xml_parse_result result = tree.load_buffer(page.data(), page.size(), pugi::parse_full);
    INFO(result.description() << ": " << page.substr(size_t(std::max<ptrdiff_t>(result.offset - 100, 0)), 200));
    REQUIRE(result.status == pugi::status_ok);
    return tree;
}

// A page that has everything, with `text` wherever text can be.
std::string page_with(const std::string &text) {
    Random random(1, 1);
    Array<uint8_t> colours(3, 20, 10);
    for (uint8_t &value : colours.values) value = uint8_t(random.below(256));
    HtmlReport report(text, text);
    report.key_figures({{text, text}});
    report.section(text, text);
    Chart chart{text, text, text, {{text, {{1, 0.5}, {2, 0.25}}}}, {}, {}, Mark{2, text}};
    report.charts({chart});
    report.facts({{text, text}});
    report.sentences({text});
    report.table({{text, text}, {{text, text}}});
    report.times({{text, 1.5}}, 3);
    report.confusion({text, text}, {{30, 10}, {0, 1234567}});
    report.begin_slices({{{1, 2, 3}, text}});
    report.add_slice({text, {{text, colours, {{{4, 5, 6}, text}}}, {text, Array<uint8_t>(3, 4, 4, 7)}}});
    report.end_slices();
    return report.finish();
}

std::set<std::string> names_of_elements(const pugi::xml_node &node) {
    std::set<std::string> names;
    for (const pugi::xpath_node &found : node.select_nodes("//*")) names.insert(found.node().name());
    return names;
}

}  // namespace

TEST_CASE("Text in HTML is text, whatever it holds", "[definition][html]") {
    CHECK(escaped("a < b && c > \"d\" 'e'") == "a &lt; b &amp;&amp; c &gt; &quot;d&quot; &#39;e&#39;");
    CHECK(escaped("gr\xC3\xBC\xC3\x9F \xF0\x9F\x94\xAC") == "gr\xC3\xBC\xC3\x9F \xF0\x9F\x94\xAC");
    const std::string unknown = "\xEF\xBF\xBD";
    CHECK(escaped(std::string("\0\x1B\x7F", 3)) == unknown + unknown + unknown);
    CHECK(escaped("\xC3") == unknown);                                            // cut off
    CHECK(escaped("\xC0\xBC") == unknown + unknown);                              // '<' in two bytes
    CHECK(escaped("\xED\xA0\x80") == unknown + unknown + unknown);                // half of a pair of UTF-16
    CHECK(escaped("\xF4\x90\x80\x80") == unknown + unknown + unknown + unknown);  // beyond Unicode
    CHECK(escaped("\xEF\xBF\xBF") == unknown + unknown + unknown);                // U+FFFF
}

TEST_CASE("Any bytes, escaped, are well-formed", "[definition][html]") {
    rc::check([](const std::vector<uint8_t> &bytes) {
        const std::string text(bytes.begin(), bytes.end());
        const std::string page = "<p title=\"" + escaped(text) + "\">" + escaped(text) + "</p>";
        pugi::xml_document tree;
        RC_ASSERT(tree.load_buffer(page.data(), page.size()).status == pugi::status_ok);
        RC_ASSERT(std::distance(tree.begin(), tree.end()) == 1);
        RC_ASSERT(tree.first_child().select_nodes("*").empty());
    });
}

TEST_CASE("base64 is that of RFC 4648", "[definition][html]") {
    const auto [text, code] = GENERATE(table<std::string, std::string>(
        {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"foobar", "Zm9vYmFy"}}));
    CHECK(base64(text) == code);
    CHECK(base64("\xFF\xFE\xFD\xFB") == "//79+w==");
}

TEST_CASE("A page is well-formed, and text in it makes no element", "[definition][html]") {
    const pugi::xml_document plain = tree_of(page_with("plain")), bad = tree_of(page_with(hostile));
    CHECK(names_of_elements(bad) == names_of_elements(plain));
    CHECK(bad.select_nodes("//script").size() == 1);
    CHECK(bad.select_nodes("//*").size() == plain.select_nodes("//*").size());
    for (const char *place : {"//title", "//h1", "//header/p", "//h2", "//h3", "//figcaption", "//dt", "//dd", "//li",
                              "//tbody/tr/th", "//td", "//p[@class='note']"}) {
        CAPTURE(place);
        CHECK_THAT(bad.select_node(place).node().text().as_string(), Contains(as_text));
    }
    CHECK_THAT(bad.select_node("//img/@alt").attribute().value(), Contains(as_text));
    CHECK_THAT(bad.select_node("//svg//@data-name").attribute().value(), Contains(as_text));
}

TEST_CASE("A page loads nothing", "[definition][html]") {
    const std::string page = page_with("plain");
    const pugi::xml_document tree = tree_of(page);
    CHECK_THAT(page, !Contains("http:") && !Contains("https:") && !Contains("@import") && !Contains("url("));
    for (const pugi::xpath_node &found : tree.select_nodes("//@src | //@href"))
        CHECK(std::string(found.attribute().value()).starts_with("data:image/png;base64,"));
    CHECK(tree.select_nodes("//link | //iframe | //object | //a").empty());
    CHECK_THAT(tree.select_node("//meta[@http-equiv]/@content").attribute().value(),
               Contains("default-src 'none'") && Contains("script-src 'sha256-") && !Contains("script-src 'unsafe"));
}

TEST_CASE("A picture without colours is embedded as gray", "[definition][html]") {
    HtmlReport report("", "");
    report.begin_slices({});
    Array<uint8_t> gray(3, 64, 64);
    Random random(1, 1);
    for (size_t i = 0; i < gray.values.size(); i += 3)
        gray.values[i] = gray.values[i + 1] = gray.values[i + 2] = uint8_t(random.below(256));
    const size_t gray_bytes = report.add_slice({"", {{"", gray}}});
    gray.values[0] ^= 1;
    CHECK(report.add_slice({"", {{"", gray}}}) > 2 * gray_bytes);
}

TEST_CASE("A confusion matrix shows counts and shares of the true class", "[definition][html]") {
    HtmlReport report("", "");
    report.confusion({"background", "cell"}, {{3000, 1000}, {0, 0}});
    const pugi::xml_document tree = tree_of(report.finish());
    std::vector<std::string> shares, counts;
    for (const pugi::xpath_node &cell : tree.select_nodes("//tbody//td")) {
        shares.push_back(cell.node().child("b").text().get());
        counts.push_back(cell.node().child("small").text().get());
    }
    CHECK(shares == std::vector<std::string>{"75.0 %", "25.0 %", "0.0 %", "0.0 %"});
    CHECK(counts.front() == "3\xE2\x80\xAF"
                            "000");
    CHECK(counts.back() == "0");
}
