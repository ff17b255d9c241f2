// Labels of stacks whatever their layout, and of runs that are killed or stopped.
#include "src/stack/image_stack.h"
#include "src/stack/stack_writer.h"
#include "tests/pipeline/long_run.h"
#include <catch2/catch.hpp>
#include <cmath>
#include <tiffio.h>

using namespace unet;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

using test::Words;

/// Two probabilities of blobs that touch, with many ties: u8 of full scale.
std::vector<Classes> touching_blobs(int width, int height, int pages) {
    std::vector<Classes> all;
    Random random(9, 0);
    for (int z = 0; z < pages; z++) {
        all.emplace_back(2, width, height);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) {
                const double wave = std::sin((x + 3 * z) / 7.0) * std::sin((y - 2 * z) / 8.0);
                const double p = std::min(255.0, std::max(0.0, 130 + 120 * wave + 20 * random.uniform()));
                all.back()(1, x, y) = uint8_t(p);
                all.back()(0, x, y) = uint8_t(255 - uint8_t(p));
            }
    }
    return all;
}

void set_page(TIFF *tiff, const Classes &page) {
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, page.width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, page.height);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, page.channels);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    const uint16_t kind = EXTRASAMPLE_UNSPECIFIED;
    TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &kind);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_LZW);
}

void write_tiles(TIFF *tiff, Classes &page, int side) {
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, side);
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, side);
    for (int top = 0; top < page.height; top += side)
        for (int left = 0; left < page.width; left += side) {
            Classes tile(page.channels, side, side);
            for (int y = 0; y < std::min(side, page.height - top); y++)
                std::copy_n(&page(0, left, top + y), size_t(std::min(side, page.width - left)) * page.channels,
                            tile.row(y));
            TIFFWriteTile(tiff, tile.values.data(), uint32_t(left), uint32_t(top), 0, 0);
        }
}

/// Tiles of `side` pixels, or with 0 strips of 37 rows.
void write_in_layout(const std::string &path, std::vector<Classes> &pages, int side) {
    TIFF *tiff = TIFFOpen(path.c_str(), "w8");
    for (Classes &page : pages) {
        set_page(tiff, page);
        if (side > 0) write_tiles(tiff, page, side);
        else {
            TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 37);
            for (int y = 0; y < page.height; y++) TIFFWriteScanline(tiff, page.row(y), uint32_t(y), 0);
        }
        TIFFWriteDirectory(tiff);
    }
    TIFFClose(tiff);
}

std::vector<uint32_t> slice_ids(const fs::path &file, int page) {
    const ImageStack stack({file});
    return stack.read_ids(page, {0, 0, stack.shape().width, stack.shape().height}).values;
}

uint32_t largest_id(const fs::path &file, int pages) {
    uint32_t largest = 0;
    for (int page = 0; page < pages; page++)
        for (const uint32_t id : slice_ids(file, page)) largest = std::max(largest, id);
    return largest;
}

/// Labels of a stack that take up to a second.
struct LongLabel {
    test::TemporaryFolder folder;

    LongLabel() { write_stack(folder / "in.tif", touching_blobs(500, 700, 6)); }

    Words line(const std::string &output, const Words &more) const {
        Words words{"label", "--input", folder / "in.tif", "--output", folder / output, "--csv"};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
    std::string bytes(const std::string &name) const { return test::text_of(folder / name); }
    fs::path checkpoint(const std::string &output) const { return folder / (output + ".checkpoint"); }
};

}  // namespace

TEST_CASE("objects are the same for any layout of the input and any threads", "[repeat][label]") {
    const test::TemporaryFolder folder;
    std::vector<Classes> pages = touching_blobs(1100, 600, 3);  // more than a column of 1024 and a band of 512
    for (const int side : {0, 64, 256}) write_in_layout(folder / (std::to_string(side) + ".tif"), pages, side);
    const auto label = [&](int side, const std::string &output, const std::string &threads, const Words &more) {
        Words line{"label",      "--input",       folder / (std::to_string(side) + ".tif"),
                   "--output",   folder / output, "--csv",
                   "--method",   "watershed",     "--seed",
                   "0.8",        "--threads",     threads,
                   "--overwrite"};
        line.insert(line.end(), more.begin(), more.end());
        const test::Outcome outcome = test::run(line);
        CAPTURE(outcome.err);
        REQUIRE(outcome.exit_code == 0);
    };
    const Words more = GENERATE(Words{}, Words{"--volume", "--connectivity", "26"}, Words{"--volume", "--fill-holes"});
    label(64, "a.tif", "1", more);
    label(64, "b.tif", "5", more);
    label(256, "c.tif", "2", more);
    label(0, "d.tif", "5", more);
    CHECK(largest_id(folder / "a.tif", 3) > 500);
    CHECK(test::text_of(folder / "a.tif") == test::text_of(folder / "b.tif"));
    for (const char *other : {"b", "c", "d"}) {  // of other inputs, which stand in their metadata
        CAPTURE(other);
        CHECK(test::text_of(folder / "a.csv") == test::text_of(folder / (std::string(other) + ".csv")));
        for (int z = 0; z < 3; z++)
            CHECK(slice_ids(folder / "a.tif", z) == slice_ids(folder / (std::string(other) + ".tif"), z));
    }
}

TEST_CASE("labels that are killed or stopped, and started again, are the bytes of those never killed",
          "[repeat][label]") {
    using Clock = std::chrono::steady_clock;
    const LongLabel run;
    const Words more = GENERATE(Words{"--method", "watershed", "--seed", "0.8", "--volume"},
                                Words{"--fill-holes", "--pyramid"}, Words{"--method", "shape"});
    const Clock::time_point begin = Clock::now();
    REQUIRE(test::run(run.line("whole.tif", more)).exit_code == 0);
    Clock::duration duration = Clock::now() - begin;
    Random random(3, 1);
    int kills = 0, later = 0;
    for (int round = 0; round < 20 && (kills < 6 || later == 0); round++) {
        test::Outcome last;
        int starts = 0;
        Clock::time_point started;
        do {
            started = Clock::now();
            test::Running running = test::start(run.line("killed.tif", more));
            if (starts++ < 8) {  // a machine that has become slower since would never come to an end
                std::this_thread::sleep_for(duration * (30 + random.below(90)) / 100);
                running.send(random.below(2) ? SIGKILL : SIGTERM);
            }
            last = running.wait();
            CAPTURE(last.err);
            REQUIRE((last.exit_code == 0 || last.exit_code == -1 || last.exit_code == 75));
            later += last.err.find("goes on after") != std::string::npos;
            kills += last.exit_code != 0;
        } while (last.exit_code != 0);
        duration = std::max(duration, Clock::now() - started);  // on a machine that has become slower, kills come later
        REQUIRE(run.bytes("killed.tif") == run.bytes("whole.tif"));
        REQUIRE(run.bytes("killed.csv") == run.bytes("whole.csv"));
        REQUIRE_FALSE(fs::exists(run.checkpoint("killed.tif")));
        fs::remove(run.folder / "killed.tif");
        fs::remove(run.folder / "killed.csv");
    }
    CHECK(kills > 0);
    CHECK(later > 0);
    CHECK(test::names_in(run.folder / "") == Words{"in.tif", "whole.csv", "whole.tif"});
}

TEST_CASE("a stop signal ends labels in exit code 75, and the same command goes on", "[repeat][label]") {
    const LongLabel run;
    const int signal = GENERATE(SIGTERM, SIGUSR1);
    const Words more{"--method", "watershed", "--seed", "0.8", "--volume"};
    const std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
    REQUIRE(test::run(run.line("whole.tif", more)).exit_code == 0);
    const auto duration = std::chrono::steady_clock::now() - begin;
    // Too early there is nothing to answer the signal, too late nothing to stop.
    test::Outcome stopped;
    for (int attempt = 0; attempt < 40 && !fs::exists(run.checkpoint("stopped.tif")); attempt++) {
        fs::remove(run.folder / "stopped.tif");
        fs::remove(run.folder / "stopped.csv");
        test::Running running = test::start(run.line("stopped.tif", more));
        std::this_thread::sleep_for(duration * (attempt % 10 + 1) / 20);
        running.send(signal);
        stopped = running.wait();
    }
    CAPTURE(stopped.err);
    REQUIRE(stopped.exit_code == 75);
    CHECK_THAT(stopped.err, Contains("stopped by a signal before the end; run the command again"));
    CHECK_FALSE(fs::exists(run.folder / "stopped.tif"));

    const test::Outcome other =
        test::run(run.line("stopped.tif", {"--method", "watershed", "--seed", "0.7", "--volume"}));
    CHECK(other.exit_code == 65);
    CHECK_THAT(other.err, Contains("stopped.tif.checkpoint: was made with seed '0.8', not '0.7'"));
    CHECK_THAT(other.err, Contains("or add --restart to begin anew"));

    Words again = run.line("stopped.tif", more);
    again.insert(again.end(), {"--threads", "1"});
    const test::Outcome done = test::run(again);
    CHECK(done.exit_code == 0);
    CHECK_THAT(done.err, Contains("stopped.tif: goes on after "));
    CHECK(run.bytes("stopped.tif") == run.bytes("whole.tif"));
    CHECK(run.bytes("stopped.csv") == run.bytes("whole.csv"));
}

TEST_CASE("a damaged checkpoint of labels is refused, and passed over with --restart", "[error][label]") {
    const LongLabel run;
    const Words more{"--volume"};
    std::ofstream(run.checkpoint("o.tif")) << "no checkpoint at all, but as long as a hash and longer";
    const test::Outcome refused = test::run(run.line("o.tif", more));
    CHECK(refused.exit_code == 65);
    CHECK_THAT(refused.err, Contains("o.tif.checkpoint: is cut off, damaged or of another version"));
    CHECK(test::run(run.line("o.tif", {"--volume", "--restart"})).exit_code == 0);
    CHECK_FALSE(fs::exists(run.checkpoint("o.tif")));
}

TEST_CASE("labels of many files that are stopped go on with those that are missing", "[repeat][label]") {
    const test::TemporaryFolder folder;
    for (const char *name : {"a.tif", "b.tif", "c.tif"}) write_stack(folder / name, touching_blobs(100, 80, 1));
    const Words line{"label",
                     "--input",
                     folder / "a.tif",
                     folder / "b.tif",
                     folder / "c.tif",
                     "--output",
                     (folder / "objects").string() + "/",
                     "--csv"};
    REQUIRE(test::run(line).exit_code == 0);
    const std::string second = test::text_of(folder / "objects/b.tif"), list = test::text_of(folder / "objects/b.csv");
    const fs::file_time_type first = fs::last_write_time(folder / "objects/a.tif");
    fs::remove(folder / "objects/b.tif");
    fs::remove(folder / "objects/b.csv");
    fs::remove(folder / "objects/c.csv");  // as a kill leaves it between the two names
    const test::Outcome again = test::run(line);
    CAPTURE(again.err);
    REQUIRE(again.exit_code == 0);
    CHECK(fs::last_write_time(folder / "objects/a.tif") == first);
    CHECK(test::text_of(folder / "objects/b.tif") == second);
    CHECK(test::text_of(folder / "objects/b.csv") == list);
    CHECK(test::text_of(folder / "objects/c.csv") == list);
}

TEST_CASE("a watershed of a wide page takes memory for what stands in it", "[repeat][label]") {
    const test::TemporaryFolder folder;
    const int width = 100000, height = 700;
    const StackShape shape{
        .width = width, .height = height, .samples = 2, .pages = 1, .type = SampleType::u8, .voxel = {}};
    // Only the second band holds something: two peaks joined by a saddle, again and again.
    StackWriter writer(folder / "wide.tif", shape);
    writer.append({.page = 0, .y = 0, .rows = 512, .bytes = std::vector<uint8_t>(size_t(width) * 512 * 2)});
    Band band{.page = 0, .y = 512, .rows = 188, .bytes = std::vector<uint8_t>(size_t(width) * 188 * 2)};
    uint8_t *likely = band.bytes.data() + size_t(width) * 188;
    for (int y = 90; y < 110; y++)
        for (int x = 0; x < width; x++)
            likely[size_t(y) * width + x] = x % 1000 < 100 ? uint8_t(x % 50 < 40 && x % 1000 < 90 ? 250 : 150) : 0;
    writer.append(band);
    writer.finish();
    const test::Outcome outcome =
        test::run({"label", "--input", folder / "wide.tif", "--output", folder / "objects.tif", "--method", "watershed",
                   "--csv", "--threads", "2"});
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK_THAT(outcome.err, Contains("200 objects"));
    // A float for each pixel would be 280 MB; a band of ids is 102 MB.
    CHECK(outcome.peak_bytes < 200'000'000);
    CHECK_THAT(test::text_of(folder / "objects.csv"), Contains("\n200,"));
}
