#include "src/base/error.h"
#include "src/base/random.h"
#include "src/sample/class_balance.h"
#include "src/sample/labels.h"
#include "tests/sample/written_stack.h"
#include <catch2/catch.hpp>
#include <rapidcheck.h>

using namespace unet;
using test::page_of;
using test::TemporaryFolder;
using test::written;

namespace {

template<class T>
LabelSurvey survey(const std::vector<Array<T>> &pages, std::optional<uint32_t> ignore = {},
                   std::optional<LabelKind> kind = {}) {
    const TemporaryFolder folder;
    return survey_labels({written(folder / "labels.tif", pages)}, ignore, kind);
}

// Discs of radius 6 on a grid of 16, each with its own id, `count` a side.
Array<uint16_t> cells(int count, int first_id = 1) {
    return page_of<uint16_t>(16 * count, 16 * count, [&](int x, int y) {
        const int dx = x % 16 - 8, dy = y % 16 - 8;
        return dx * dx + dy * dy <= 36 ? first_id + x / 16 + count * (y / 16) : 0;
    });
}

// Three classes in many patches of 4 x 4.
Array<uint8_t> patches(int size, uint64_t seed) {
    std::vector<uint8_t> value(size_t(size) * size);
    Random random(seed, 0);
    for (uint8_t &v : value) v = uint8_t(random.below(4));
    return page_of<uint8_t>(4 * size, 4 * size, [&](int x, int y) { return value[size_t(y / 4) * size + x / 4]; });
}

// Carving by definition, on a map with a rim.
uint8_t carved(const Ids &ids, int x, int y, std::optional<uint32_t> ignore) {
    const uint32_t own = ids(x + 1, y + 1);
    if (own == ignore) return ignored;
    if (own == 0) return 0;
    for (int v = y; v <= y + 2; v++)
        for (int u = x; u <= x + 2; u++) {
            const uint32_t other = ids(u, v);
            if (other != own && other != 0 && !(ignore && other == *ignore)) return 0;
        }
    return 1;
}

std::string error_of(const std::function<void()> &act, Exit code) {
    try {
        act();
    } catch (const Error &error) {
        CHECK(error.code == code);
        return error.what();
    }
    FAIL("nothing was thrown");
    return "";
}

using Catch::Matchers::Contains;

}  // namespace

TEST_CASE("two values are two classes, whatever they are called", "[definition][labels]") {
    const int other = GENERATE(1, 7, 255);
    CAPTURE(other);
    const LabelSurvey found = survey<uint8_t>({page_of<uint8_t>(10, 4, [&](int x, int) { return x < 3 ? other : 0; })});

    CHECK(found.scheme.kind == LabelKind::binary);
    CHECK(found.scheme.class_names() == std::vector<std::string>{"0", std::to_string(other)});
    CHECK(found.class_pixels == std::vector<uint64_t>{28, 12});
    CHECK(found.distinct == 2);
}

TEST_CASE("class 0 is the lower of two values when neither is 0", "[definition][labels]") {
    const LabelSurvey found = survey<uint8_t>({page_of<uint8_t>(10, 1, [](int x, int) { return x < 3 ? 2 : 1; })});
    CHECK(found.scheme.class_names() == std::vector<std::string>{"1", "2"});
    CHECK(found.class_pixels == std::vector<uint64_t>{7, 3});
}

TEST_CASE("few values in many pieces each are classes", "[definition][labels]") {
    const LabelSurvey found = survey<uint8_t>({patches(20, 1)});
    CHECK(found.scheme.kind == LabelKind::classes);
    CHECK(found.scheme.values == std::vector<uint32_t>{0, 1, 2, 3});
    CHECK(found.class_pixels[0] + found.class_pixels[1] + found.class_pixels[2] + found.class_pixels[3] == 6400);
}

TEST_CASE("values in one piece each are instances, also when a third of them fell apart", "[definition][labels]") {
    Array<uint16_t> page = cells(6);
    for (int id = 1; id <= 36; id += 3) {  // a cut through every third cell
        const int x = 16 * ((id - 1) % 6), y = 16 * ((id - 1) / 6) + 8;
        for (int i = 0; i < 16; i++) page(x + i, y) = 0;
    }
    const LabelSurvey found = survey<uint16_t>({page});
    CHECK(found.scheme.kind == LabelKind::instances);
    CHECK(found.distinct == 37);
    CHECK_FALSE(found.touching);
    CHECK(found.scheme.class_names() == std::vector<std::string>{"background", "cell"});
}

TEST_CASE("three cells in one image are instances", "[definition][labels]") {
    Array<uint16_t> page = cells(2);
    for (uint16_t &id : page.values) id = id == 4 ? 0 : id;
    CHECK(survey<uint16_t>({page}).scheme.kind == LabelKind::instances);
}

TEST_CASE("three organs, whole and the same on every page, are classes", "[definition][labels]") {
    std::vector<Array<uint8_t>> pages;
    for (int shift = 0; shift < 5; shift++)
        pages.push_back(
            page_of<uint8_t>(40, 40, [&](int x, int y) { return y < 5 + shift ? 0 : 1 + std::min(2, x / 13); }));
    CHECK(survey(pages).scheme.kind == LabelKind::classes);
}

TEST_CASE("instance ids that change from page to page are instances however few", "[definition][labels]") {
    std::vector<Array<uint16_t>> pages;
    for (int page = 0; page < 6; page++) pages.push_back(cells(1, 1 + page));
    CHECK(survey(pages).scheme.kind == LabelKind::instances);
}

TEST_CASE("the kind asked for overrules the guess", "[definition][labels]") {
    const LabelSurvey found = survey<uint8_t>({patches(20, 1)}, {}, LabelKind::instances);
    CHECK(found.scheme.kind == LabelKind::instances);
    CHECK(found.touching);
    CHECK(survey<uint16_t>({cells(3)}, {}, LabelKind::classes).scheme.classes() == 10);
}

TEST_CASE("touching instances are parted by a pixel of background on either side", "[definition][labels]") {
    const Ids ids = page_of<uint32_t>(8, 5, [](int x, int) { return x < 4 ? 70000 : 3; });
    const Classes classes = to_classes(ids, {.kind = LabelKind::instances, .values = {}, .ignore = {}});
    const Classes expected = page_of<uint8_t>(6, 3, [](int x, int) { return x == 2 || x == 3 ? 0 : 1; });
    CHECK(classes == expected);
}

TEST_CASE("the gap between instances equals its definition; ignored pixels part nothing", "[definition][labels]") {
    CHECK(rc::check([] {
        Ids ids(1, *rc::gen::inRange(3, 14), *rc::gen::inRange(3, 14));
        for (uint32_t &id : ids.values) id = *rc::gen::inRange<uint32_t>(0, 4);
        const std::optional<uint32_t> ignore = *rc::gen::element<std::optional<uint32_t>>(std::nullopt, 2u);
        const Classes classes = to_classes(ids, {.kind = LabelKind::instances, .values = {}, .ignore = ignore});
        for (int y = 0; y < classes.height; y++)
            for (int x = 0; x < classes.width; x++) RC_ASSERT(classes(x, y) == carved(ids, x, y, ignore));
    }));
}

TEST_CASE("classes of classes are their places among the values, ignored ones 255", "[definition][labels]") {
    Ids ids(1, 5, 1);
    ids.values = {40, 0, 9, 1000, 40};
    const LabelScheme scheme{.kind = LabelKind::classes, .values = {0, 9, 1000}, .ignore = 40};
    CHECK(to_classes_as_labelled(ids, scheme).values == std::vector<uint8_t>{255, 0, 1, 2, 255});
    CHECK(scheme.classes() == 3);
}

TEST_CASE("scores take touching instances as they are labelled", "[definition][labels]") {
    Ids ids(1, 4, 1);
    ids.values = {0, 5, 6, 9};
    const LabelScheme scheme{.kind = LabelKind::instances, .values = {}, .ignore = 9};
    CHECK(to_classes_as_labelled(ids, scheme).values == std::vector<uint8_t>{0, 1, 1, 255});
}

TEST_CASE("a survey counts the classes that training sees, over pages and windows", "[definition][labels]") {
    // Taller than a window of 512 rows, so that touching ids meet across its border too.
    const auto tall = page_of<uint16_t>(9, 1100, [](int x, int y) { return x == 0 ? 0 : 1 + y / 4; });
    const LabelSurvey found = survey<uint16_t>({tall, tall});
    // 275 ids of 8 x 4 pixels lose two rows each, the first and the last id one.
    CHECK(found.class_pixels == std::vector<uint64_t>{2 * (9 * 1100 - 8 * 552), 2 * 8 * 552});
    CHECK(found.touching);
    CHECK(found.distinct == 276);
}

TEST_CASE("pixels of the ignored value are counted apart", "[definition][labels]") {
    const LabelSurvey found =
        survey<uint8_t>({page_of<uint8_t>(10, 2, [](int x, int) { return x < 3   ? 9
                                                                         : x < 6 ? 255
                                                                                 : 0; })}, 9);
    CHECK(found.scheme.kind == LabelKind::binary);
    CHECK(found.ignored_pixels == 6);
    CHECK(found.class_pixels == std::vector<uint64_t>{8, 6});
}

TEST_CASE("class weights make every class count alike and have mean 1", "[definition][labels]") {
    LabelSurvey found;
    found.class_pixels = {700, 200, 100};
    const std::vector<double> weights = class_weights(found);
    CHECK(weights[0] * 700 == Approx(weights[1] * 200));
    CHECK(weights[1] * 200 == Approx(weights[2] * 100));
    CHECK(weights[0] * 700 + weights[1] * 200 + weights[2] * 100 == Approx(1000));
}

TEST_CASE("a survey says in words what it found", "[definition][labels]") {
    const auto binary = survey<uint8_t>({page_of<uint8_t>(10, 4, [](int x, int) { return x < 3 ? 255 : 0; })}).words();
    CHECK(binary[0] == "Labels: two values, 0 and 255.");
    CHECK(binary[1] == "Training: 2 classes. Class 0 is the value 0, 70.0 % of the pixels. Class 1 is the value 255, "
                       "30.0 % of the pixels.");
    const auto classes = survey<uint8_t>({patches(20, 1)}).words();
    CHECK(classes[0] == "Labels: class ids, the values 0, 1, 2 and 3.");
    const auto instances = survey<uint16_t>({cells(6)}).words();
    CHECK_THAT(instances[0], Contains("36 different ones besides 0") && Contains("100 % are in one piece"));
    CHECK_THAT(instances[2], Contains("nowhere touch"));
}

TEST_CASE("rare classes and an ignored value that does not occur are told as problems", "[definition][labels]") {
    const auto page = page_of<uint8_t>(100, 100, [](int x, int y) { return x == 5 && y == 5 ? 255 : 0; });
    const auto problems = survey<uint8_t>({page}, 77).problems();
    REQUIRE(problems.size() == 2);
    CHECK_THAT(problems[0], Contains("Class 1 (255) covers only 0.01 %"));
    CHECK_THAT(problems[1], Contains("77"));
}

TEST_CASE("labels that cannot be learned are refused in one line", "[error][labels]") {
    const auto flat = page_of<uint8_t>(5, 5, [](int, int) { return 3; });
    CHECK_THAT(error_of([&] { survey<uint8_t>({flat}); }, Exit::data),
               Contains("labels.tif: every labelled pixel has the value 3"));
    CHECK_THAT(error_of([&] { survey<uint8_t>({flat}, 3); }, Exit::data), Contains("every pixel is ignored"));
    CHECK_THAT(error_of([&] { survey<uint8_t>({flat}, {}, LabelKind::instances); }, Exit::data),
               Contains("no background"));
    const auto empty = page_of<uint8_t>(5, 5, [](int, int) { return 0; });
    CHECK_THAT(error_of([&] { survey<uint8_t>({empty}, {}, LabelKind::instances); }, Exit::data), Contains("no cell"));
}

TEST_CASE("gray values are not taken for labels", "[error][labels]") {
    Random random(1, 1);
    const auto noise = page_of<uint8_t>(64, 64, [&](int, int) { return int(random.below(256)); });
    CHECK_THAT(error_of([&] { survey<uint8_t>({noise}); }, Exit::data), Contains("neither classes nor ids"));
}

TEST_CASE("a kind that cannot hold the values is refused", "[error][labels]") {
    CHECK_THAT(error_of([&] { survey<uint16_t>({cells(3)}, {}, LabelKind::binary); }, Exit::data),
               Contains("10 different values"));
    CHECK_THAT(error_of([&] { survey<uint16_t>({cells(17)}, {}, LabelKind::classes); }, Exit::data),
               Contains("290 different values are more than the 255 classes"));
    CHECK_THAT(error_of([&] { label_kind("instance"); }, Exit::usage), Contains("'instance' is unknown"));
    CHECK(label_kind("instances") == LabelKind::instances);
}

TEST_CASE("a value that the scheme does not know is refused", "[error][labels]") {
    Ids ids(1, 1, 1, 5);
    const LabelScheme scheme{.kind = LabelKind::classes, .values = {0, 9}, .ignore = {}};
    CHECK_THAT(error_of([&] { to_classes_as_labelled(ids, scheme); }, Exit::data),
               Contains("the value 5 is none of the classes 0, 9"));
}
