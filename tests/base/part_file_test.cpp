#include "src/base/error.h"
#include "src/base/part_file.h"
#include "tests/temporary_folder.h"
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <unistd.h>

using namespace unet;

namespace {

std::string content(const std::filesystem::path &path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("an output appears under its name only when committed", "[definition][part_file]") {
    const test::TemporaryFolder folder;
    const auto path = folder / "out.txt";
    {
        PartFile part(path);
        std::ofstream(part.path()) << "half";
        CHECK(part.path() == folder / "out.txt.part");
        CHECK_FALSE(std::filesystem::exists(path));
        CHECK(std::filesystem::exists(part.path()));
    }
    CHECK(std::filesystem::is_empty(folder.path()));

    PartFile part(path);
    std::ofstream(part.path()) << "whole";
    part.commit();
    CHECK(content(path) == "whole");
    CHECK_FALSE(std::filesystem::exists(part.path()));
}

TEST_CASE("text replaces what stood there", "[definition][part_file]") {
    const test::TemporaryFolder folder;
    write_text(folder / "a.json", "long text before");
    write_text(folder / "a.json", "new");
    CHECK(content(folder / "a.json") == "new");
}

TEST_CASE("an output that cannot be created is exit code 73 and leaves nothing behind", "[error][part_file]") {
    const test::TemporaryFolder folder;
    const auto code_of = [](const std::filesystem::path &path) {
        try {
            write_text(path, "text");
        } catch (const Error &error) {
            CHECK_THAT(error.what(), Catch::Contains(path.string()));
            return error.code;
        }
        return Exit::done;
    };
    CHECK(code_of(folder / "no" / "such" / "folder.txt") == Exit::cannot_create);
    CHECK(code_of(folder.path()) == Exit::cannot_create);
    CHECK(std::filesystem::is_empty(folder.path()));
}
