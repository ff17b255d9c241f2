// Shards and their merge, run as a program.
#include "tests/pipeline/model_and_stack.h"
#include <catch2/catch.hpp>
#include <cstdlib>

using namespace unet;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

using Words = std::vector<std::string>;

/// 700 x 1100 pixels, so three bands a page: shards begin and end inside pages.
struct Shards : test::ModelAndStack {
    explicit Shards(int pages = 4) : ModelAndStack(700, 1100, pages) {
        REQUIRE(segment("whole.tif", options).exit_code == 0);
    }
    test::Outcome shard(int index, int count, Words more = {}) {
        more.insert(more.end(), options.begin(), options.end());
        more.insert(more.end(), {"--shard", std::to_string(index) + "/" + std::to_string(count)});
        return segment(output, more);
    }
    void all(int count, const Words &more = {}) {
        for (int index = 0; index < count; index++) REQUIRE(shard(index, count, more).exit_code == 0);
    }
    test::Outcome merge(const Words &files) {
        Words line{"merge", "--output", folder / "merged.tif"};
        for (const std::string &file : files) line.push_back(folder / file);
        return test::run(line);
    }

    Words options{"--emit", "probabilities", "--tile", "236"};
    std::string output = "part-%s.tif";
};

}  // namespace

TEST_CASE("merged shards have the bytes of a run without shards", "[repeat][merge]") {
    Shards shards;
    const int count = GENERATE(1, 4, 5, 12);
    CAPTURE(count);
    shards.all(count);
    const test::Outcome merged = shards.merge({"part-*.tif"});
    CAPTURE(merged.err);
    CHECK(merged.exit_code == 0);
    CHECK(merged.out == (shards.folder / "merged.tif").string() + "\n");
    CHECK(shards.bytes("merged.tif") == shards.bytes("whole.tif"));
    const test::Outcome again = shards.merge({"part-*.tif"});
    CHECK(again.exit_code == 0);
    CHECK_THAT(again.err, Contains("complete already"));
}

TEST_CASE("shards that write one file give the bytes of a run without shards of that layout", "[repeat][merge]") {
    Shards shards;
    const Words preallocated{"--output-layout", "preallocated"};
    shards.options.insert(shards.options.end(), preallocated.begin(), preallocated.end());
    REQUIRE(shards.segment("plain.tif", shards.options).exit_code == 0);
    shards.output = "merged.tif";
    for (const int index : {3, 0, 4, 1}) REQUIRE(shards.shard(index, 5).exit_code == 0);
    const test::Outcome early = shards.merge({});
    CHECK(early.exit_code == 65);
    CHECK_THAT(early.err, Contains("shard 2 of 5 (from 0) is missing; run it, then merge again"));
    REQUIRE(shards.shard(2, 5).exit_code == 0);
    CHECK_FALSE(fs::exists(shards.folder / "merged.tif"));
    const test::Outcome merged = shards.merge({});
    CAPTURE(merged.err);
    CHECK(merged.exit_code == 0);
    CHECK(shards.bytes("merged.tif") == shards.bytes("plain.tif"));
    CHECK(test::names_in(shards.folder / "") ==
          Words{"merged.tif", "model.safetensors", "plain.tif", "stack.tif", "whole.tif"});

    const ImageStack whole({shards.folder / "whole.tif"}), plain({shards.folder / "plain.tif"});
    for (int page = 0; page < 4; page++)
        CHECK(whole.read(page, {0, 0, 700, 1100}) == plain.read(page, {0, 0, 700, 1100}));
    CHECK_THAT(shards.shard(2, 5).err, Contains("complete already"));
}

TEST_CASE("two kinds of output are merged each for itself", "[repeat][merge]") {
    Shards shards(2);
    shards.options = {"--emit", "classes,probabilities"};
    REQUIRE(shards.segment("both.tif", shards.options).exit_code == 0);
    shards.all(4);
    for (const std::string kind : {"classes", "probabilities"}) {
        fs::remove(shards.folder / "merged.tif");
        REQUIRE(shards.merge({"part-*." + kind + ".tif"}).exit_code == 0);
        CHECK(shards.bytes("merged.tif") == shards.bytes("both." + kind + ".tif"));
    }
}

TEST_CASE("a shard done twice is done once, and one killed goes on", "[repeat][merge]") {
    Shards shards;
    shards.all(2);
    const std::string receipt = shards.bytes("part-1.tif.receipt");
    CHECK_THAT(shards.shard(1, 2).err, Contains("complete already"));
    CHECK(shards.bytes("part-1.tif.receipt") == receipt);
    // As from a kill between the two renames at the end.
    fs::rename(shards.folder / "part-1.tif.receipt", shards.folder / "part-1.tif.journal");
    CHECK_THAT(shards.shard(1, 2).err, Contains("complete already"));
    CHECK(shards.bytes("part-1.tif.receipt") == receipt);
    // As from a kill after the second band.
    fs::rename(shards.folder / "part-1.tif", shards.folder / "part-1.tif.part");
    const size_t first = receipt.find('\n'), third = receipt.find('\n', receipt.find('\n', first + 1) + 1);
    std::ofstream(shards.folder / "part-1.tif.journal", std::ios::binary) << receipt.substr(0, third + 1);
    fs::remove(shards.folder / "part-1.tif.receipt");
    CHECK_THAT(shards.shard(1, 2).err, Contains("part-1.tif: goes on after 2 bands"));
    REQUIRE(shards.merge({"part-*.tif"}).exit_code == 0);
    CHECK(shards.bytes("merged.tif") == shards.bytes("whole.tif"));
}

TEST_CASE("what does not fit together is not merged", "[error][merge]") {
    Shards shards;
    shards.all(4);
    const auto refused = [&](const Words &files, const std::string &fact) {
        const test::Outcome outcome = shards.merge(files);
        CHECK(outcome.exit_code == 65);
        CHECK_THAT(outcome.err, Contains(fact));
        CHECK_FALSE(fs::exists(shards.folder / "merged.tif"));
    };
    refused({"part-0.tif", "part-3.tif"}, "shards 1, 2 of 4 (from 0) are missing; run them, then merge again");
    refused({"part-0.tif", "part-0.tif", "part-1.tif"}, "is there twice");
    refused({"whole.tif"}, "whole.tif.receipt: is missing; the shard is not finished");

    const std::string good = shards.bytes("part-2.tif");
    std::string damaged = good;
    damaged[damaged.size() - 100] ^= 1;
    std::ofstream(shards.folder / "part-2.tif", std::ios::binary) << damaged;
    refused({"part-*.tif"}, "is not what its receipt says; remove both and run shard 2 again");
    std::ofstream(shards.folder / "part-2.tif", std::ios::binary) << good.substr(0, good.size() / 2);
    refused({"part-*.tif"}, "part-2.tif");

    std::ofstream(shards.folder / "part-2.tif", std::ios::binary) << good;
    std::string receipt = shards.bytes("part-2.tif.receipt");
    receipt.replace(receipt.find("\"shard\":\"2/4"), 11, "\"shard\":\"1/4");
    fs::copy_file(shards.folder / "part-2.tif", shards.folder / "copy.tif");
    std::ofstream(shards.folder / "copy.tif.receipt", std::ios::binary) << receipt;
    refused({"part-0.tif", "copy.tif", "part-2.tif", "part-3.tif"}, "its bands are not those of its shard");
    fs::remove(shards.folder / "copy.tif");

    test::write_model(shards.model, test::small_net, {20, 230});
    shards.output = "other-%s.tif";
    REQUIRE(shards.shard(2, 4).exit_code == 0);
    refused({"part-0.tif", "part-1.tif", "other-2.tif", "part-3.tif"}, "was made with model");
}

TEST_CASE("more shards than bands: the empty ones write nothing and are not missed", "[definition][merge]") {
    Shards shards(1);
    shards.all(7);
    CHECK_FALSE(fs::exists(shards.folder / "part-0.tif"));
    REQUIRE(shards.merge({"part-*.tif"}).exit_code == 0);
    CHECK(shards.bytes("merged.tif") == shards.bytes("whole.tif"));
}

TEST_CASE("a task of a Slurm array takes its shards by itself", "[definition][merge]") {
    Shards shards;
    for (int task = 0; task < 2; task++) {
        ::setenv("SLURM_ARRAY_TASK_ID", std::to_string(10 + task).c_str(), 1);
        ::setenv("SLURM_ARRAY_TASK_MIN", "10", 1);
        ::setenv("SLURM_ARRAY_TASK_MAX", "11", 1);
        ::setenv("SLURM_ARRAY_TASK_STEP", "1", 1);
        ::setenv("SLURM_ARRAY_TASK_COUNT", "2", 1);
        Words more = shards.options;
        more.insert(more.end(), {"--shards", "5"});
        const test::Outcome outcome = shards.segment(shards.output, more);
        for (const char *name : {"ID", "MIN", "MAX", "STEP", "COUNT"})
            ::unsetenv((std::string("SLURM_ARRAY_TASK_") + name).c_str());
        CAPTURE(outcome.err);
        CHECK(outcome.exit_code == 0);
        CHECK_THAT(outcome.err, Contains("task " + std::to_string(task) + " of 2 of a Slurm array, from 0"));
        CHECK(std::count(outcome.out.begin(), outcome.out.end(), '\n') == (task == 0 ? 3 : 2));
    }
    REQUIRE(shards.merge({"part-*.tif"}).exit_code == 0);
    CHECK(shards.bytes("merged.tif") == shards.bytes("whole.tif"));
}

TEST_CASE("of a folder of outputs each shard makes whole files", "[definition][merge]") {
    test::ModelAndStack world(40, 30, 1);
    for (const char *name : {"b.tif", "c.tif"}) test::write_texture(world.folder / name, 25, 61, 1, 8);
    const auto shard = [&](const char *which) {
        return test::run({"segment", "--model", world.model, "--input", world.stack, world.folder / "b.tif",
                          world.folder / "c.tif", "--output", world.folder / "results/", "--shard", which})
            .exit_code;
    };
    REQUIRE(shard("1/2") == 0);
    CHECK(test::names_in(world.folder / "results") == Words{"b.tif"});
    REQUIRE(shard("0/2") == 0);
    CHECK(test::names_in(world.folder / "results") == Words{"b.tif", "c.tif", "stack.tif"});
}
