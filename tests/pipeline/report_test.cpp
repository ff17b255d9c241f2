// The pages that train and evaluate write about a run.
#include "src/stack/stack_writer.h"
#include "tests/pipeline/labelled_images.h"
#include <algorithm>
#include <catch2/catch.hpp>
#include <pugixml.hpp>

using namespace unet;
using Catch::Matchers::Contains;
using test::LabelledImages;
namespace fs = std::filesystem;

namespace {

class Page {
public:
    explicit Page(const fs::path &file) : html_(test::text_of(file)) {
        REQUIRE(tree_.load_buffer(html_.data(), html_.size(), pugi::parse_full).status == pugi::status_ok);
    }
    std::vector<std::string> texts(const std::string &query) const {
        std::vector<std::string> all;
        for (const pugi::xpath_node &found : tree_.select_nodes(query.c_str()))
            all.push_back(found.node().text().as_string());
        return all;
    }
    size_t count(const std::string &query) const { return tree_.select_nodes(query.c_str()).size(); }
    std::string fact(const std::string &name) const {
        return tree_.select_node(("//dt[.='" + name + "']/following-sibling::dd").c_str()).node().text().as_string();
    }
    /// Points of a line in a chart.
    size_t points(const std::string &series) const {
        const std::string path =
            tree_.select_node(("//path[@data-name='" + series + "']/@d").c_str()).attribute().value();
        return size_t(std::count(path.begin(), path.end(), 'L')) + !path.empty();
    }
    const std::string &html() const { return html_; }

private:
    std::string html_;
    pugi::xml_document tree_;
};

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("train tells its run on a page", "[definition][report][program]") {
    LabelledImages world(10);
    REQUIRE(
        world.train("a&<b>.safetensors", {"--steps", "20", "--validation", "0.2", "--validate-every", "5"}).exit_code ==
        0);
    const Page page(world.folder / "a&<b>.report.html");
    CHECK(page.texts("//h1") == Words{"Training of a&<b>.safetensors"});
    CHECK(page.texts("//h2") ==
          Words{"Curves", "Slices held out", "Confusion matrix", "Data", "Options", "Time", "Machine"});
    CHECK(page.count("//svg") == 5);
    CHECK(page.points("learning rate") == 20);
    CHECK(page.points("validation") == 4);
    CHECK(page.points("training, up to 3 slices") == 4);
    CHECK(page.points("label 255") == 4);
    CHECK(page.texts("//div[@class='slice']//figure/figcaption").size() == 2 * 5);
    CHECK_THAT(page.texts("//h3").front(), Contains("images.tif, slice 8: mean IoU 0."));
    CHECK(page.count("//table[@class='confusion']//td[@style]") == 4);
    CHECK(page.fact("learning-rate") == "0.001");
    CHECK(page.fact("width") == "4");
    CHECK_THAT(page.fact("model"), Contains("a&<b>.safetensors"));
    CHECK_THAT(page.fact("threads"), Contains(" of "));
    CHECK(page.count("//table[@class='times']/tbody/tr") == 5);
}

TEST_CASE("the page of a run that was stopped and went on has the curves of all its steps",
          "[definition][report][program]") {
    LabelledImages world;
    const std::vector<std::string> options{"--steps", "400", "--validation", "0.25", "--validate-every", "100"};
    test::Running running = test::start(world.line("model.safetensors", options));
    const fs::path log = world.folder / "model.safetensors.log.jsonl";
    while (!running.ended() && test::text_of(log).find("validation_iou") == std::string::npos) {
    }
    running.send(SIGTERM);
    REQUIRE(running.wait().exit_code == 75);
    CHECK_FALSE(fs::exists(world.folder / "model.report.html"));

    REQUIRE(world.train("model.safetensors", options).exit_code == 0);
    const Page page(world.folder / "model.report.html");
    CHECK(page.points("learning rate") == 400);
    CHECK(page.points("validation") == 4);
    CHECK(page.count("//table[@class='confusion']") == 1);
    CHECK_THAT(page.html(), Contains("Since the run was resumed after step "));
}

TEST_CASE("without validation the page shows what was learned from, and with --no-report there is none",
          "[definition][report][program]") {
    LabelledImages world;
    REQUIRE(world.train("model.safetensors", {"--steps", "3", "--validation", "0"}).exit_code == 0);
    const Page page(world.folder / "model.report.html");
    CHECK(page.texts("//h2") == Words{"Curves", "Training slices", "Data", "Options", "Time", "Machine"});
    CHECK(page.count("//svg") == 3);
    CHECK(page.count("//div[@class='slice']") == 4);
    REQUIRE(world.train("other.safetensors", {"--steps", "3", "--validation", "0", "--no-report"}).exit_code == 0);
    CHECK_FALSE(fs::exists(world.folder / "other.report.html"));
    CHECK(world.bytes("other.safetensors") == world.bytes("model.safetensors"));
}

TEST_CASE("a report that cannot be written leaves the model as it is", "[error][report][program]") {
    LabelledImages world;
    fs::create_directories(world.folder / "model.report.html");
    const test::Outcome outcome = world.train("model.safetensors", {"--steps", "3"});
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.err, Contains("note: no report: ") && Contains("model.report.html"));
    CHECK(fs::exists(world.folder / "model.safetensors"));
}

TEST_CASE("evaluate tells its scores on a page, the worst slices first", "[definition][report][program]") {
    LabelledImages world(20);
    std::vector<Array<uint8_t>> maps;
    const ImageStack labels({world.labels});
    for (int page = 0; page < 20; page++) {
        const Ids truth = labels.read_ids(page, {0, 0, 96, 80});
        maps.emplace_back(1, 96, 80);
        for (size_t i = 0; i < truth.values.size(); i++) maps.back().values[i] = truth.values[i] != 0;
        const int wrong = page == 7 ? 60 : page == 13 ? 40 : page;  // rows
        for (int i = 0; i < 96 * wrong; i++) maps.back().values[size_t(i)] ^= 1;
    }
    write_stack(world.folder / "map.tif", maps);
    const std::vector<std::string> command{"evaluate",   "--prediction", world.folder / "map.tif",
                                           "--truth",    world.labels,   "--images",
                                           world.images, "--report",     world.folder / "report.html"};
    const test::Outcome outcome = test::run(command);
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    const Page page(world.folder / "report.html");
    CHECK(page.texts("//h2") == Words{"Over slices", "Slices, the worst first", "Confusion matrix",
                                      "Scores of each slice", "Options", "Time", "Machine"});
    CHECK(page.count("//svg") == 3);
    CHECK(page.points("label 255") == 20);
    const Words slices = page.texts("//h3");
    REQUIRE(slices.size() == 12);
    CHECK_THAT(slices[0], Contains("map.tif, slice 7: mean IoU ") && Contains(", the worst"));
    CHECK_THAT(slices[1], Contains("slice 13:"));
    CHECK_THAT(slices[2], Contains("slice 19:"));
    CHECK_THAT(slices[11], Contains("slice 0: mean IoU 1.0000, the best"));
    CHECK(page.texts("//div[@class='slice'][1]//figure/figcaption").size() == 5);
    const Words rows = page.texts("//table[starts-with(@class, 'scores')]/tbody/tr/th");
    CHECK(rows.size() == 21);
    CHECK(rows.front() == "map.tif, slice 7");
    CHECK(rows.back() == "total");

    CHECK(test::run(command).exit_code == 73);
    std::vector<std::string> again = command;
    again.push_back("--overwrite");
    CHECK(test::run(again).exit_code == 0);
    again[8] = "-";
    CHECK(test::run(again).exit_code == 64);
}
