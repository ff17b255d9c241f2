#include "src/base/error.h"
#include "src/base/paths.h"
#include "tests/temporary_folder.h"
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <rapidcheck.h>

using namespace unet;

namespace {

void touch(const std::filesystem::path &path, const std::string &text = "") { std::ofstream(path) << text; }

std::vector<std::string> names(const std::vector<std::filesystem::path> &paths) {
    std::vector<std::string> result;
    for (const std::filesystem::path &path : paths) result.push_back(path.filename().string());
    return result;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("natural order compares digits by value and all else by bytes", "[definition][paths]") {
    const auto [less, more] = GENERATE(table<std::string, std::string>({
        {"s2.tif", "s10.tif"},
        {"s02.tif", "s10.tif"},
        {"s9", "s10a"},
        {"a", "b"},
        {"a", "a1"},
        {"", "a"},
        {"t1z2", "t1z10"},
        {"t2z1", "t10z1"},
        {"99999999999999999999998", "99999999999999999999999"},
        {"99999999999999999999999", "100000000000000000000000"},
        {"1a", "01b"},
        {"s1-2", "s1-10"},
    }));
    CAPTURE(less, more);
    CHECK(natural_less(less, more));
    CHECK_FALSE(natural_less(more, less));
    CHECK_FALSE(natural_less(less, less));
}

TEST_CASE("natural order is a total order", "[definition][paths]") {
    const auto name = rc::gen::container<std::string>(rc::gen::element('0', '1', '2', 'a', '.'));
    CHECK(rc::check("exactly one of less, equal, more; and it is transitive", [&] {
        const std::string a = *name, b = *name, c = *name;
        RC_ASSERT(int(natural_less(a, b)) + int(natural_less(b, a)) + int(a == b) == 1);
        if (natural_less(a, b) && natural_less(b, c)) RC_ASSERT(natural_less(a, c));
    }));
}

TEST_CASE("a folder stands for its TIFF files in natural order", "[definition][paths]") {
    const test::TemporaryFolder folder;
    for (const char *name : {"s10.tif", "s9.TIFF", "s1.btf", "s2.tf8", "notes.txt", "._s1.tif", ".hidden.tif"})
        touch(folder / name);
    std::filesystem::create_directory(folder / "s3.tif");
    CHECK(names(expand_paths({folder.path().string()})) == Names{"s1.btf", "s2.tf8", "s9.TIFF", "s10.tif"});
}

TEST_CASE("patterns, files and lists keep the order they are given in", "[definition][paths]") {
    const test::TemporaryFolder folder;
    for (const char *name : {"a10.tif", "a9.tif", "b.png", "c.tif"}) touch(folder / name);
    const std::string at = folder.path().string() + "/";
    touch(folder / "list.txt", at + "c.tif\r\n\n" + at + "a*.tif\n");

    CHECK(names(expand_paths({at + "c.tif", at + "a?*.tif"})) == Names{"c.tif", "a9.tif", "a10.tif"});
    CHECK(names(expand_paths({at + "[ab]*"})) == Names{"a9.tif", "a10.tif", "b.png"});
    CHECK(names(expand_paths({"@" + at + "list.txt", at + "b.png"})) == Names{"c.tif", "a9.tif", "a10.tif", "b.png"});
}

TEST_CASE("a file whose name looks like a pattern is found by its name", "[definition][paths]") {
    const test::TemporaryFolder folder;
    touch(folder / "cells[1].tif");
    touch(folder / "cells1.tif");
    CHECK(names(expand_paths({(folder / "cells[1].tif").string()})) == Names{"cells[1].tif"});
}

TEST_CASE("what cannot be found is named, with exit code 66", "[error][paths]") {
    const test::TemporaryFolder folder;
    touch(folder / "empty.txt", "\n\n");
    std::filesystem::create_directory(folder / "none");
    const auto [pattern, fact] = GENERATE(table<std::string, std::string>({
        {"missing.tif", "no such file"},
        {"none", "holds no TIFF file"},
        {"*.tif", "no file matches"},
        {"@missing.txt", "the list of paths cannot be opened"},
        {"@empty.txt", "the list holds no path"},
    }));
    const bool list = pattern.starts_with('@');
    std::string path = (folder / (list ? pattern.substr(1) : pattern)).string();
    if (list) path.insert(path.begin(), '@');
    CAPTURE(path);
    try {
        expand_paths({path});
        FAIL("nothing was thrown");
    } catch (const Error &error) {
        CHECK(error.code == Exit::no_input);
        CHECK_THAT(error.what(), Catch::Contains(fact));
        CHECK_THAT(error.what(), Catch::Contains(folder.path().string()));
        CHECK_THAT(error.what(), !Catch::Contains("\n"));
    }
}
