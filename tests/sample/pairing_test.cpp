#include "src/base/error.h"
#include "src/sample/pairing.h"
#include "tests/sample/written_stack.h"
#include <catch2/catch.hpp>

using namespace unet;
using test::TemporaryFolder;

namespace {

using Path = std::filesystem::path;

// A folder with files of `pages` pages of 6 x 4 pixels, or `width` x 4.
class Files {
public:
    std::vector<Path> make(const std::vector<std::string> &names, int pages = 1, int width = 6, int channels = 1) {
        std::vector<Path> files;
        for (const std::string &name : names) {
            files.push_back(folder_ / name);
            std::filesystem::create_directories(files.back().parent_path());
            write_stack(files.back(), std::vector<Classes>(pages, Classes(channels, width, 4)));
        }
        return files;
    }

private:
    TemporaryFolder folder_;
};

std::vector<std::string> label_names(const Pairing &pairing) {
    std::vector<std::string> names;
    for (const LabelledStack &pair : pairing.pairs) names.push_back(Path(pair.labels->name()).filename().string());
    return names;
}

std::string refusal(const std::vector<Path> &images, const std::vector<Path> &labels) {
    try {
        pair_stacks(images, labels);
    } catch (const Error &error) {
        CHECK(error.code == Exit::data);
        return error.what();
    }
    FAIL("the pairs were accepted");
    return "";
}

using Strings = std::vector<std::string>;
using Catch::Matchers::Contains;

}  // namespace

TEST_CASE("one file and one file are a pair, whatever their names", "[definition][pairing]") {
    Files files;
    const Pairing pairing = pair_stacks(files.make({"volume.tif"}, 3), files.make({"labels.tif"}, 3));
    CHECK(label_names(pairing) == Strings{"labels.tif"});
    CHECK(pairing.pairs[0].images->shape().pages == 3);
}

TEST_CASE("a stack goes with the slices of its labels in one file each", "[definition][pairing]") {
    Files files;
    const Pairing pairing = pair_stacks(files.make({"volume.tif"}, 3), files.make({"s0.tif", "s1.tif", "s2.tif"}));
    REQUIRE(pairing.pairs.size() == 1);
    CHECK(pairing.pairs[0].labels->shape().pages == 3);
}

TEST_CASE("files are paired by name, whatever their order and ending", "[definition][pairing]") {
    Files files;
    const Pairing pairing =
        pair_stacks(files.make({"raw/b.tif", "raw/a.tif"}), files.make({"mask/a.tiff", "mask/b.tiff"}));
    CHECK(label_names(pairing) == Strings{"b.tiff", "a.tiff"});
    CHECK_THAT(pairing.how, Contains("by file name"));
}

TEST_CASE("files are paired by the part in which their names differ", "[definition][pairing]") {
    Files files;
    const Pairing by_ending = pair_stacks(files.make({"set01-raw.tif", "set04-raw.tif", "set10-raw.tif"}),
                                          files.make({"set10-ids.tif", "set01-ids.tif", "set04-ids.tif"}));
    CHECK(label_names(by_ending) == Strings{"set01-ids.tif", "set04-ids.tif", "set10-ids.tif"});
    const Pairing by_folder =
        pair_stacks(files.make({"x/1/image.tif", "x/2/image.tif"}), files.make({"x/2/mask.tif", "x/1/mask.tif"}));
    CHECK(Path(by_folder.pairs[0].labels->name()).parent_path().filename() == "1");
}

TEST_CASE("files without a name in common are paired in the order given, and that is said", "[definition][pairing]") {
    Files files;
    const Pairing pairing = pair_stacks(files.make({"fly.tif", "mouse.tif"}), files.make({"one.tif", "two.tif"}));
    CHECK(label_names(pairing) == Strings{"one.tif", "two.tif"});
    CHECK_THAT(pairing.how, Contains("in the order given") && Contains("fly.tif goes with one.tif"));
}

TEST_CASE("files left without a partner are named", "[error][pairing]") {
    Files files;
    const auto images = files.make({"raw/a.tif", "raw/b.tif", "raw/c.tif"}),
               labels = files.make({"mask/a.tif", "mask/b.tif"});
    CHECK_THAT(refusal(images, labels), Contains("raw/c.tif: no label file of this name among 2"));
    CHECK_THAT(refusal({images[0], images[1]}, files.make({"mask/a.tif", "mask/b.tif", "mask/d.tif"})),
               Contains("mask/d.tif: no image file of this name"));
    CHECK_THAT(refusal(images, files.make({"x.tif", "y.tif"})), Contains("no name in common"));
}

TEST_CASE("a pair that differs in size or pages is refused with both names and numbers", "[error][pairing]") {
    Files files;
    const std::string pages = refusal(files.make({"volume.tif"}, 3), files.make({"labels.tif"}, 2));
    CHECK_THAT(pages,
               Contains("volume.tif: 6 x 4 pixels, 3 pages") && Contains("labels.tif has 6 x 4 pixels, 2 pages"));
    CHECK_THAT(refusal(files.make({"volume.tif"}, 3), files.make({"labels.tif"}, 3, 7)), Contains("7 x 4 pixels"));
}

TEST_CASE("labels in color and images that differ in channels are refused", "[error][pairing]") {
    Files files;
    CHECK_THAT(refusal(files.make({"a.tif"}), files.make({"b.tif"}, 1, 6, 3)),
               Contains("one value a pixel, this file has 3"));
    auto images = files.make({"i/a.tif"});
    images.push_back(files.make({"i/b.tif"}, 1, 6, 3)[0]);
    CHECK_THAT(refusal(images, files.make({"l/a.tif", "l/b.tif"})), Contains("3 channels, but"));
}
