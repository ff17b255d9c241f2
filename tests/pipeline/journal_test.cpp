#include "pipeline/journal.h"
#include "src/base/error.h"
#include "tests/temporary_folder.h"
#include <catch2/catch.hpp>

using namespace unet;
using Catch::Matchers::Contains;

namespace {

const JournalHead head{.run = {{"model", "0123"}, {"z", "0:4"}},
                       .metadata = {{"emit", "classes"}},
                       .stack = {.width = 700,
                                 .height = 1100,
                                 .samples = 2,
                                 .pages = 4,
                                 .type = SampleType::u16,
                                 .voxel = {0.1, 0.2, 0.3, "µm"},
                                 .channels = {"background", "cell"}},
                       .storage = TileStorage::deflate,
                       .pyramid = Pyramid::mean,
                       .bands = {2, 9}};

void write_bands(const std::filesystem::path &path, int64_t end) {
    begin_journal(path, head);
    Journal journal(path, std::filesystem::file_size(path));
    for (int64_t band = head.bands.first; band < end; band++)
        journal.add(JournalBand{band, uint64_t(1000 * band), 0xfedcba9876543210 + uint64_t(band)});
    journal.commit();
}

std::vector<JournalBand> bands_in(const std::filesystem::path &path) {
    JournalReader reader(path);
    std::vector<JournalBand> bands;
    while (const std::optional<JournalBand> band = reader.next()) bands.push_back(*band);
    return bands;
}

}  // namespace

TEST_CASE("a journal gives back what was written", "[definition][journal]") {
    const test::TemporaryFolder folder;
    write_bands(folder / "j", 5);
    JournalReader reader(folder / "j");
    CHECK(reader.head().run == head.run);
    CHECK(reader.head().metadata == head.metadata);
    CHECK(reader.head().stack == head.stack);
    CHECK(reader.head().pyramid == head.pyramid);
    CHECK(reader.head().bands == head.bands);
    const std::vector<JournalBand> bands = bands_in(folder / "j");
    REQUIRE(bands.size() == 3);
    CHECK(bands[2].band == 4);
    CHECK(bands[2].end == 4000);
    CHECK(bands[2].checksum == 0xfedcba9876543214);
}

TEST_CASE("a journal goes on after any of its lines, and ends with a receipt", "[definition][journal]") {
    const test::TemporaryFolder folder;
    write_bands(folder / "j", 7);
    JournalReader reader(folder / "j");
    reader.next();
    reader.next();
    Journal journal(folder / "j", reader.position());
    journal.add(JournalBand{4, 4444, 4});
    journal.add(Receipt{"1.0", "avx2", "node7", 12.5});
    journal.commit();
    CHECK(bands_in(folder / "j").size() == 3);
    JournalReader again(folder / "j");
    while (again.next()) CHECK_FALSE(again.receipt());
    REQUIRE(again.receipt());
    CHECK(again.receipt()->host == "node7");
    CHECK(again.receipt()->seconds == 12.5);
}

TEST_CASE("a line that a crash has cut off counts as not written", "[definition][journal]") {
    const test::TemporaryFolder folder;
    write_bands(folder / "j", 5);
    const auto whole = std::filesystem::file_size(folder / "j");
    for (const int cut : {1, 2, 20, 40}) {
        CAPTURE(cut);
        write_bands(folder / "j", 5);
        std::filesystem::resize_file(folder / "j", whole - cut);
        CHECK(bands_in(folder / "j").size() == 2);
    }
    write_bands(folder / "j", 5);  // the length was on the disk, the bytes not yet
    std::filesystem::resize_file(folder / "j", whole - 30);
    std::ofstream(folder / "j", std::ios::app | std::ios::binary) << std::string(29, '\0') << "\n";
    CHECK(bands_in(folder / "j").size() == 2);
}

TEST_CASE("what is no journal is refused", "[error][journal]") {
    const test::TemporaryFolder folder;
    for (const char *text : {"", "{}\n", "{\"format\":\"unetflow-journal.1\"}\n", "II*"}) {
        CAPTURE(text);
        std::ofstream(folder / "j") << text;
        CHECK_THROWS_WITH(JournalReader(folder / "j"), Contains("is no journal of this version"));
    }
    write_bands(folder / "j", 4);
    std::ofstream(folder / "j", std::ios::app) << "{\"band\":7,\"end\":7,\"checksum\":\"7\"}\n";
    CHECK_THROWS_WITH(bands_in(folder / "j"), Contains("its bands do not follow each other"));
    write_bands(folder / "j", 4);
    std::ofstream(folder / "j", std::ios::app) << "{\"band\":4,\"end\":16,\"checksum\":\"7\"}\n";
    CHECK_THROWS_WITH(bands_in(folder / "j"), Contains("its bands do not follow each other"));
}

TEST_CASE("the first difference between two runs is named", "[error][journal]") {
    const auto compare = [](const std::map<std::string, std::string> &found) {
        check_same_run("o.journal", found, {{"model", "1"}, {"z", "0:4"}}, "the remedy", {"shard"});
    };
    CHECK_NOTHROW(compare({{"model", "1"}, {"z", "0:4"}, {"shard", "3/4"}}));
    CHECK_THROWS_WITH(compare({{"model", "2"}, {"z", "0:4"}}),
                      "o.journal: was made with model '2', not '1'; the remedy");
    CHECK_THROWS_WITH(compare({{"model", "1"}}), "o.journal: was made with z nothing, not '0:4'; the remedy");
    CHECK_THROWS_WITH(compare({{"model", "1"}, {"z", "0:4"}, {"roi", "1,2,3,4"}}),
                      Contains("roi '1,2,3,4', not nothing"));
}
