#include "pipeline/evaluate.h"
#include "src/base/error.h"
#include "src/stack/stack_writer.h"
#include "tests/pipeline/run_program.h"
#include "tests/temporary_folder.h"
#include <catch2/catch.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace unet;
using nlohmann::json;

namespace {

Classes row(std::vector<uint8_t> values) {
    Classes page(1, int(values.size()), 1);
    page.values = std::move(values);
    return page;
}

// What `act` writes to stdout.
std::string said(const std::function<void()> &act) {
    std::ostringstream text;
    std::streambuf *const stdout_buffer = std::cout.rdbuf(text.rdbuf());
    try {
        act();
    } catch (...) {
        std::cout.rdbuf(stdout_buffer);
        throw;
    }
    std::cout.rdbuf(stdout_buffer);
    return text.str();
}

// Truth and prediction of one or more pages, and what evaluate makes of them.
struct Case {
    test::TemporaryFolder folder;
    EvaluateOptions options;

    Case(const std::vector<Classes> &prediction, const std::vector<Classes> &truth) {
        write_stack(folder / "prediction.tif", prediction);
        write_stack(folder / "truth.tif", truth);
        options.prediction = {(folder / "prediction.tif").string()};
        options.truth = {(folder / "truth.tif").string()};
    }
    json scores() {
        options.json = '-';
        return json::parse(said([&] { run_evaluate(options); }));
    }
    std::string table() {
        options.json.clear();
        return said([&] { run_evaluate(options); });
    }
};

}  // namespace

TEST_CASE("evaluate scores each slice and all pixels together", "[definition][evaluate]") {
    Case both({row({0, 0, 1, 1}), row({1, 1, 1, 1})}, {row({0, 255, 255, 255}), row({255, 255, 255, 255})});
    const json scores = both.scores();
    CHECK(scores["slices"].size() == 2);
    CHECK(scores["slices"][0]["file"] == "prediction.tif");
    CHECK(scores["slices"][1]["page"] == 1);
    CHECK(scores["slices"][0]["iou"]["255"] == Approx(2.0 / 3));
    CHECK(scores["slices"][0]["dice"]["0"] == Approx(2.0 / 3));
    CHECK_FALSE(scores["slices"][1]["iou"].contains("0"));  // neither truth nor prediction has it there
    CHECK(scores["total"]["iou"]["255"] == Approx(6.0 / 7));
    CHECK(scores["total"]["iou"]["0"] == Approx(0.5));
    CHECK(scores["total"]["pixel_error"] == Approx(1.0 / 8));
}

TEST_CASE("evaluate prints a table that a person can read", "[definition][evaluate]") {
    Case one({row({0, 0, 1, 1})}, {row({0, 255, 255, 255})});
    CHECK(one.table() == "slice     IoU 0   IoU 255    Dice 0  Dice 255  pixel error\n"
                         "0        0.5000    0.6667    0.6667    0.8000       0.2500\n"
                         "total    0.5000    0.6667    0.6667    0.8000       0.2500\n"
                         "regions  V_rand 1.0000  V_info 1.0000  Rand error 0.2857  warping error 0.000000  "
                         "ARAND 0.2857  VOI split 0.9183  VOI merge 0.0000\n"
                         "objects  SEG 0.6667  AP@0.5 1.0000  F1 1.0000  PQ 0.6667\n");
}

TEST_CASE("evaluate judges how cells are parted, and which were found", "[definition][evaluate]") {
    // Slice 0 merges two cells of 2 pixels, slice 1 parts them.
    Case both({row({1, 1, 1, 1, 1}), row({1, 1, 0, 1, 1})},
              {row({255, 255, 0, 255, 255}), row({255, 255, 0, 255, 255})});
    json scores = both.scores();
    CHECK(scores["slices"][0]["v_rand"] == Approx(2 * 8.0 / (8 + 16)));
    CHECK(scores["slices"][1]["v_rand"] == Approx(1));
    CHECK(scores["total"]["v_rand"] == Approx((2.0 / 3 + 1) / 2));
    CHECK(scores["total"]["rand_error"] == Approx(1 - (2.0 / 3 + 1) / 2));
    CHECK(scores["total"]["warping_error"] == Approx((1.0 / 5 + 0) / 2));
    CHECK(scores["slices"][0]["voi_merge"] == Approx(1));
    CHECK(scores["total"]["voi_split"] == Approx(0).margin(1e-12));
    CHECK(scores["total"]["seg"] == Approx((2.0 / 5 + 2.0 / 5 + 1 + 1) / 4));
    CHECK(scores["total"]["ap"]["0.50"] == Approx(2.0 / 5));
    CHECK(scores["slices"][1]["ap"]["0.95"] == 1);
    CHECK(scores["total"]["f1"] == Approx(4.0 / 7));

    Pixels sure(2, 5, 1);  // class 0 is likely in the middle: at a threshold the cells are parted in slice 0 too
    sure.values = {0, 1, 0, 1, 0.35f, 0.65f, 0, 1, 0, 1};
    write_stack(both.folder / "probabilities.tif", std::vector<Pixels>{sure, sure});
    both.options.probabilities = {(both.folder / "probabilities.tif").string()};
    scores = both.scores();
    CHECK(scores["total"]["v_rand"] == Approx(1));
    CHECK(scores["total"]["v_info"] == Approx(1));
    CHECK(scores["total"]["ap"]["0.50"] == Approx(2.0 / 5));  // objects come from the class map

    write_stack(both.folder / "objects.tif", std::vector<Classes>{row({4, 4, 0, 5, 5}), row({4, 4, 0, 5, 5})});
    both.options.instances = {(both.folder / "objects.tif").string()};
    CHECK(both.scores()["total"]["ap"]["0.50"] == 1);
}

TEST_CASE("evaluate judges objects alone as pixels, too", "[definition][evaluate]") {
    Case one({row({0, 0, 0, 0, 0})}, {row({255, 255, 0, 255, 255})});
    Ids objects(1, 5, 1);
    objects.values = {300, 300, 0, 7, 0};
    write_stack(one.folder / "objects.tif", std::vector<Ids>{objects});
    one.options.prediction.clear();
    one.options.instances = {(one.folder / "objects.tif").string()};
    const json scores = one.scores();
    CHECK(scores["total"]["iou"]["255"] == Approx(3.0 / 4));
    CHECK(scores["total"]["seg"] == Approx((1 + 0) / 2.0));  // half of the second cell is not more than half

    write_stack(one.folder / "truth.tif", std::vector<Classes>{row({1, 1, 0, 2, 0})});
    one.options.label_kind = LabelKind::classes;
    CHECK_THROWS_WITH(one.scores(), Catch::Contains("2 besides 0"));
    one.options.instances.clear();
    CHECK_THROWS_WITH(one.scores(), Catch::Contains("--prediction"));
}

TEST_CASE("evaluate draws each slice", "[definition][evaluate]") {
    Case both({Classes(1, 300, 260), Classes(1, 300, 260)}, {Classes(1, 300, 260), Classes(1, 300, 260, 255)});
    both.options.pictures = (both.folder / "pictures").string();
    both.options.label_kind = LabelKind::binary;
    const auto width = [&](const std::string &name) {
        const std::string png = test::text_of(both.folder / "pictures" / name);
        REQUIRE(png.starts_with("\x89PNG"));
        return uint8_t(png[18]) * 256 + uint8_t(png[19]);  // of the header's big-endian width
    };
    both.table();
    const int without_input = width("prediction-0001.png");
    write_stack(both.folder / "images.tif", std::vector<Pixels>{Pixels(1, 300, 260), Pixels(1, 300, 260)});
    both.options.images = {(both.folder / "images.tif").string()};
    both.options.overwrite = true;
    both.table();
    CHECK(width("prediction-0000.png") == Approx(without_input * 5 / 4).epsilon(0.01));  // five parts, not four
}

TEST_CASE("evaluate says what it cannot draw, before it scores", "[error][evaluate]") {
    Case one({row({0, 1})}, {row({0, 255})});
    const auto refused = [&](Exit code, const std::string &words) {
        try {
            one.scores();
            FAIL("no error");
        } catch (const Error &error) {
            CHECK(error.code == code);
            CHECK_THAT(error.what(), Catch::Contains(words));
        }
    };
    one.options.images = {(one.folder / "truth.tif").string()};
    refused(Exit::usage, "name a folder for them by --pictures");
    one.options.pictures = (one.folder / "pictures").string();
    write_stack(one.folder / "wide.tif", std::vector<Pixels>{Pixels(1, 3, 1)});
    one.options.images = {(one.folder / "wide.tif").string()};
    refused(Exit::data, "they must agree");
    one.options.images.clear();
    one.table();
    refused(Exit::cannot_create, "prediction.png: exists; add --overwrite");
    one.options.overwrite = true;
    one.table();
}

TEST_CASE("further files go with the predictions of their names, whatever the order", "[definition][evaluate]") {
    const test::TemporaryFolder folder;
    EvaluateOptions options;
    for (const int i : {0, 1}) {
        const std::string name = std::to_string(i) + ".tif";
        write_stack(folder / ("truth" + name), std::vector<Classes>{row({255, 255, 0, 255})});
        write_stack(folder / ("found" + name), std::vector<Classes>{row({1, 1, 0, 1})});
        // Objects of the first are as the truth's, of the second all one.
        write_stack(folder / ("objects" + name), std::vector<Classes>{i == 0 ? row({1, 1, 0, 2}) : row({1, 1, 1, 1})});
    }
    const auto files = [&](const char *what, std::vector<int> order) {
        std::vector<std::string> files;
        for (const int i : order) files.push_back((folder / (what + std::to_string(i) + ".tif")).string());
        return files;
    };
    options.truth = files("truth", {0, 1});
    options.prediction = files("found", {0, 1});
    options.instances = files("objects", {1, 0});
    options.json = "-";
    const json scores = json::parse(said([&] { run_evaluate(options); }));
    CHECK(scores["slices"][0]["seg"] == 1);
    CHECK(scores["slices"][1]["seg"] == Approx((2.0 / 4 + 0) / 2).margin(0.26));
    CHECK(scores["slices"][1]["seg"] < 1);
}

TEST_CASE("probabilities and instances that do not fit are refused", "[error][evaluate]") {
    Case one({row({0, 0, 1, 1})}, {row({0, 255, 255, 255})});
    write_stack(one.folder / "other.tif", std::vector<Classes>{row({1, 1, 1})});
    one.options.instances = {(one.folder / "other.tif").string()};
    CHECK_THROWS_WITH(one.scores(), Catch::Contains("other.tif") && Catch::Contains("must agree"));
    one.options.instances.clear();
    one.options.probabilities = one.options.prediction;
    CHECK_THROWS_WITH(one.scores(), Catch::Contains("has one plane"));
    write_stack(one.folder / "two.tif", std::vector<Pixels>{Pixels(2, 4, 1, 0.5f)});
    one.options.probabilities = {(one.folder / "two.tif").string()};
    one.options.border_class = 2;
    CHECK_THROWS_WITH(one.scores(), Catch::Contains("there is no class 2"));
}

TEST_CASE("instance truth is cell against background, without a gap where cells touch", "[definition][evaluate]") {
    // 12 ids, each one piece
    Case ids({row({0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0})}, {row({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0})});
    const json total = ids.scores()["total"];
    CHECK(total["iou"] == json{{"background", 1.0}, {"cell", 1.0}});
    CHECK(total["pixel_error"] == 0.0);
}

TEST_CASE("pixels of the ignored truth value do not count", "[definition][evaluate]") {
    Case some({row({1, 0, 1, 1})}, {row({0, 0, 1, 77})});
    some.options.ignore_label = 77;
    CHECK(some.scores()["total"]["pixel_error"] == Approx(1.0 / 3));
}

TEST_CASE("truth without the rare class is scored when the number of classes is said", "[definition][evaluate]") {
    Case some({row({0, 1, 3, 2})}, {row({0, 1, 3, 3})});
    some.options.classes = 4;
    const json total = some.scores()["total"];
    CHECK(total["iou"]["3"] == 0.5);
    CHECK(total["iou"]["2"] == 0.0);
    some.options.classes = 0;
    some.options.label_kind = LabelKind::classes;
    CHECK_THROWS_WITH(some.scores(), Catch::Contains("class 3 is predicted, but the truth has 3 classes") &&
                                         Catch::Contains("--classes"));
}

TEST_CASE("a page taller than a window is scored whole", "[definition][evaluate]") {
    Classes truth(1, 3, 1300), prediction(1, 3, 1300);
    for (int y = 0; y < 1300; y++)
        for (int x = 0; x < 3; x++) {
            truth(x, y) = y >= 700 ? 255 : 0;
            prediction(x, y) = y >= 650;
        }
    Case tall({prediction}, {truth});
    CHECK(tall.scores()["total"]["iou"]["255"] == Approx(600.0 / 650));
}

TEST_CASE("evaluate refuses what does not fit, in one line with its exit code", "[error][evaluate]") {
    Case sizes({row({0, 1, 1})}, {row({0, 255})});
    CHECK_THROWS_WITH(sizes.scores(), Catch::Contains("prediction.tif: 3 x 1 pixels, 1 page, but its truth"));
    Case mask({row({0, 255})}, {row({0, 255})});
    CHECK_THROWS_WITH(mask.scores(), Catch::Contains("class 255 is predicted"));
    Case ignored_all({row({0, 1})}, {row({5, 5})});
    ignored_all.options.ignore_label = 5;
    CHECK_THROWS_WITH(ignored_all.scores(), Catch::Contains("nothing can be scored"));
    Case missing({row({0})}, {row({0})});
    missing.options.truth = {"/nowhere/truth.tif"};
    try {
        missing.scores();
        FAIL("a missing file was accepted");
    } catch (const Error &error) {
        CHECK(error.code == Exit::no_input);
    }
}
