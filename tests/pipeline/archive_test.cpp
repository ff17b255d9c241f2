// Inputs far larger than memory: sparse files, of which a part is segmented.
#include "tests/pipeline/model_and_stack.h"
#include "tests/stack/tiff_builder.h"
#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

using namespace unet;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

using Words = std::vector<std::string>;

/// Pages of zeros that take no space: tiles of 512 x 512 in a file with holes.
void write_sparse(const fs::path &path, int width, int height, int pages) {
    const StackShape shape{
        .width = width, .height = height, .samples = 1, .pages = pages, .type = SampleType::u8, .voxel = {}};
    const WriterOptions options{.storage = TileStorage::plain, .bands = BandRange{0, 0}, .shared = true};
    StackWriter(path, shape, {}, options).finish();
    fs::rename(path.string() + ".part", path);
}

/// The same in strips of `rows` rows.
void write_sparse_strips(const fs::path &path, uint64_t width, uint64_t height, uint64_t rows) {
    const uint64_t strips = (height - 1) / rows + 1,
                   tables = 16 + test::TiffBuilder::directory_bytes(test::gray_page_entries);
    const uint64_t begin = tables + 16 * strips;
    // A single number stands in its entry.
    std::vector<test::BuiltEntry> entries = strips > 1 ? test::gray_page(width, height, tables, tables + 8 * strips)
                                                       : test::gray_page(width, height, begin, width * height);
    for (test::BuiltEntry &entry : entries) {
        if (entry.tag == 273 || entry.tag == 279) entry.count = strips;
        if (entry.tag == 278) entry.value = rows;
    }
    test::TiffBuilder().directory(entries).write(path);
    std::vector<uint64_t> numbers;
    for (uint64_t i = 0; i < strips; i++) numbers.push_back(begin + i * rows * width);
    for (uint64_t i = 0; i < strips; i++) numbers.push_back(std::min(rows, height - i * rows) * width);
    std::ofstream(path, std::ios::app | std::ios::binary)
        .write(reinterpret_cast<const char *>(numbers.data()), std::streamsize(8 * numbers.size()));
    fs::resize_file(path, begin + width * height);
}

struct Archive {
    test::TemporaryFolder folder;
    std::string model = folder / "model.safetensors", stack = folder / "stack.tif", output = folder / "out.tif";

    Archive() { test::write_model(model, test::small_net); }
    Words line(const Words &more) {
        Words words{"segment", "--model", model, "--input", stack, "--output", output, "--overwrite", "--quiet"};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
    nlohmann::json plan(const Words &more) {
        Words words{"plan", "--model", model, "--input", stack, "--json", "-"};
        words.insert(words.end(), more.begin(), more.end());
        const test::Outcome outcome = test::run(words);
        CAPTURE(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        return nlohmann::json::parse(outcome.out).at(0);
    }
};

}  // namespace

TEST_CASE("what `plan` says is not exceeded, whatever the tile, the threads and the outputs", "[definition][archive]") {
    Archive archive;
    test::write_model(archive.model, {.channels = 1, .classes = 2, .width = 16, .depth = 3});
    test::write_texture(archive.stack, 900, 1000, 2, 5);
    for (const Words &more : {Words{"--threads", "1"}, Words{"--threads", "4", "--tile", "300"},
                              Words{"--threads", "2", "--emit", "classes,probabilities", "--probability-type", "f32"},
                              Words{"--threads", "2", "--max-ram", "120M"}}) {
        CAPTURE(more);
        const uint64_t planned = archive.plan(more).at("memory_bytes");
        const test::Outcome outcome = test::run(archive.line(more));
        CHECK(outcome.exit_code == 0);
        CHECK(uint64_t(outcome.peak_bytes) <= planned);
        CHECK(uint64_t(outcome.peak_bytes) > planned / 4);
    }
}

TEST_CASE("--max-ram chooses smaller tiles, never another result, and says what is needed at least",
          "[repeat][archive]") {
    test::ModelAndStack world(700, 600, 1);
    test::write_model(world.model, {.channels = 1, .classes = 2, .width = 16, .depth = 3});
    REQUIRE(world.segment("whole.tif", {}).exit_code == 0);
    REQUIRE(world.segment("small.tif", {"--max-ram", "120M"}).exit_code == 0);
    CHECK(world.bytes("small.tif") == world.bytes("whole.tif"));
    const test::Outcome refused = world.segment("tiny.tif", {"--max-ram", "20M"});
    CHECK(refused.exit_code == 64);
    CHECK_THAT(refused.err, Contains("--max-ram: at least ") && Contains("are needed for"));
    CHECK_THAT(world.segment("x.tif", {"--max-ram", "much"}).err,
               Contains("--max-ram much: must be an amount of memory"));
}

TEST_CASE("a sparse stack of 6 GiB is segmented with 1 GiB of addresses", "[definition][archive]") {
    Archive archive;
    write_sparse(archive.stack, 16384, 16384, 24);
    REQUIRE(fs::file_size(archive.stack) > uint64_t(6) << 30);
    const Words part{"--z", "22:24", "--roi", "15000,9000,1384,1100", "--max-ram", "200M", "--threads", "2"};
    const test::Outcome outcome = test::run_with_memory(1 << 20, archive.line(part));
    CAPTURE(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.peak_bytes < 200000000);
    const StackShape shape = ImageStack({archive.output}).shape();
    CHECK(shape.pages == 2);
    CHECK(shape.width == 1384);
}

TEST_CASE("memory does not depend on the size of the stack", "[definition][archive]") {
    Archive archive;
    std::vector<double> peaks;
    // One thread: two hold more or fewer tiles at once, as it happens, and differ by 5 % from run to run.
    for (const int pages : {60, 600, 6000}) {  // 1, 10 and 100 GB
        write_sparse(archive.stack, 4096, 4096, pages);
        const std::string last = std::to_string(pages - 2) + ":" + std::to_string(pages);
        const test::Outcome outcome =
            test::run(archive.line({"--z", last, "--roi", "2000,2000,2096,2096", "--max-ram", "1G", "--threads", "1"}));
        CAPTURE(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        peaks.push_back(double(outcome.peak_bytes));
    }
    CHECK(peaks[1] == Approx(peaks[0]).epsilon(0.05));
    CHECK(peaks[2] == Approx(peaks[0]).epsilon(0.05));
}

TEST_CASE("a part of one page of 300 000 x 300 000 pixels, in tiles and in strips", "[definition][archive]") {
    Archive archive;
    const std::string how = GENERATE("tiles", "strips", "one strip");
    CAPTURE(how);
    constexpr int side = 300000;
    if (how == "tiles") write_sparse(archive.stack, side, side, 1);
    else write_sparse_strips(archive.stack, side, side, how == "strips" ? 16 : side);
    const Words part{"--roi", "299000,298500,1000,1500", "--max-ram", "500M", "--threads", "2"};
    const test::Outcome outcome = test::run(archive.line(part));
    CAPTURE(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.peak_bytes < 500000000);
    CHECK(ImageStack({archive.output}).shape().height == 1500);
}

TEST_CASE("verify finds no pixel that differs", "[seam][archive]") {
    test::ModelAndStack world(500, 450, 3);
    const test::Outcome outcome = test::run({"verify", "--model", world.model, "--input", world.stack, "--quiet"});
    CAPTURE(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.out, Contains("slice 1, 500 x 450 pixels from (0, 0)"));
    std::istringstream lines(outcome.out);
    int compared = 0;
    for (std::string line; std::getline(lines, line);) {
        if (line.find("differ") == std::string::npos) continue;
        CHECK_THAT(line, Contains(" 0 pixels differ from one tile of "));
        compared++;
    }
    CHECK(compared >= 4);
    const test::Outcome part = test::run(
        {"verify", "--model", world.model, "--input", world.stack, "--slice", "2", "--roi", "37,21,100,90", "--quiet"});
    CHECK_THAT(part.out, Contains("slice 2, 100 x 90 pixels from (37, 21)"));
    CHECK(test::run({"verify", "--model", world.model, "--input", world.stack, "--slice", "3"}).exit_code == 64);
}

TEST_CASE("plan writes nothing and says tiles, memory, disk and time", "[definition][archive]") {
    test::ModelAndStack world(500, 450, 3);
    const test::Outcome plan = test::run({"plan", "--model", world.model, "--input", world.stack});
    for (const char *line : {"input ", "3 slices of 500 x 450, u8", "network   width 4, depth 2, 1 channel, 3 classes",
                             "tiles ", "memory ", "disk      at most 675.0 kB", "time      about "})
        CHECK_THAT(plan.out, Contains(line));
    const test::Outcome dry = world.segment("o.tif", {"--dry-run"});
    CHECK(dry.exit_code == 0);
    CHECK_THAT(dry.out, Contains("memory "));
    CHECK(test::names_in(world.folder / "") == Words{"model.safetensors", "stack.tif"});
}

TEST_CASE("segment --dry-run says what its shard would do", "[definition][archive]") {
    test::ModelAndStack world(500, 1100, 3);  // bands of 512, 512 and 76 rows
    const auto line_of = [](const test::Outcome &outcome, const std::string &name) {
        const size_t begin = outcome.out.find(name);
        return begin == std::string::npos ? "none" : outcome.out.substr(begin, outcome.out.find('\n', begin) - begin);
    };
    const test::Outcome all = world.segment("o-%s.tif", {"--dry-run", "--tile", "300"}),
                        shard = world.segment("o-%s.tif", {"--dry-run", "--tile", "300", "--shard", "1/4"}),
                        rest = world.segment("o-%s.tif", {"--dry-run", "--shard", "0/10"}),
                        shared = world.segment("o.tif", {"--dry-run", "--shard", "1/4", "--output-layout",
                                                         "preallocated", "--emit", "classes"});
    CHECK(line_of(all, "shard ") == "none");
    CHECK(line_of(shard, "shard ") == "shard     1 of 4, from 0: bands 2 to 3 of 9, slices 0 to 1");
    CHECK(line_of(shard, "memory ") == line_of(all, "memory "));
    CHECK(line_of(shard, "input ") == line_of(all, "input "));
    // 76 and 512 rows of 500 pixels, instead of 3 x 1100.
    CHECK_THAT(line_of(all, "disk "), Contains("at most 1.6 MB") || Contains("at most 1.7 MB"));
    CHECK_THAT(line_of(shard, "disk "), Contains("at most 294.0 kB"));
    CHECK_THAT(line_of(shared, "disk "), Contains("524.3 kB of the 2.4 MB of all shards"));
    const auto tiles = [&](const test::Outcome &outcome) { return std::stoi(line_of(outcome, "tiles ").substr(10)); };
    CHECK(tiles(shard) < tiles(all) / 2);
    CHECK(tiles(shard) > tiles(all) / 10);
    CHECK(line_of(rest, "shard ") == "shard     0 of 10, from 0: empty, there are fewer bands");
    CHECK(test::names_in(world.folder / "") == Words{"model.safetensors", "stack.tif"});
}

TEST_CASE("segment --dry-run in a job array says what all shards of its task would do; plan speaks of the stack",
          "[definition][archive]") {
    test::ModelAndStack world(60, 50, 5);
    const Words task{"/usr/bin/env",           "SLURM_ARRAY_TASK_ID=0",   "SLURM_ARRAY_TASK_MIN=0",
                     "SLURM_ARRAY_TASK_MAX=1", "SLURM_ARRAY_TASK_STEP=1", "SLURM_ARRAY_TASK_COUNT=2",
                     UNETFLOW_PROGRAM};
    const auto run = [&](const Words &more) {
        Words words = task;
        words.insert(words.end(), more.begin(), more.end());
        return test::Running(words).wait();
    };
    const test::Outcome dry = run({"segment", "--model", world.model, "--input", world.stack, "--output",
                                   world.folder / "o-%s.tif", "--shards", "5", "--dry-run"}),
                        plan = run({"plan", "--model", world.model, "--input", world.stack});
    CAPTURE(dry.err, plan.err);
    for (const char *words : {"shard     0 of 5, from 0: band 0 of 5, slice 0\n", "shard     2 of 5, from 0: band 2 ",
                              "shard     4 of 5, from 0: band 4 of 5, slice 4\n", "all 3 shards: about "})
        CHECK_THAT(dry.out, Contains(words));
    CHECK_THAT(plan.out, Contains("5 slices of 60 x 50") && !Contains("shard "));
    const test::Outcome one_name = run({"segment", "--model", world.model, "--input", world.stack, "--output",
                                        world.folder / "o.tif", "--shards", "5", "--dry-run"});
    CHECK(one_name.exit_code == 64);
    CHECK_THAT(one_name.err, Contains("o.tif would be written by each of 3 shards"));
}

TEST_CASE("memory of a stack of very many files is known, too", "[definition][archive]") {
    Archive archive;
    test::write_texture(archive.stack, 60, 50, 1, 5);
    constexpr int files = 20000;
    const std::string folder = archive.folder / "many-files-of-one-page-each";
    fs::create_directory(folder);
    for (int i = 0; i < files; i++) fs::create_hard_link(archive.stack, fmt::format("{}/slice-{:06}.tif", folder, i));
    archive.stack = folder;
    const Words how{"--threads", "1", "--z", "19990:20000"};
    const uint64_t planned = archive.plan(how).at("memory_bytes");
    const test::Outcome outcome = test::run(archive.line(how));
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK(uint64_t(outcome.peak_bytes) <= planned);
    CHECK(uint64_t(outcome.peak_bytes) > planned / 4);
}
