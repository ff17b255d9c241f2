// A folder with a model and a stack, to be segmented by the program.
#pragma once
#include "tests/pipeline/small_world.h"
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>

namespace unet::test {

inline std::vector<std::string> names_in(const std::filesystem::path &folder) {
    std::vector<std::string> names;
    for (const std::filesystem::directory_entry &entry : std::filesystem::directory_iterator(folder))
        names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
}

/// A folder with a model and a stack, and what `segment` makes of them.
struct ModelAndStack {
    TemporaryFolder folder;
    std::string model = folder / "model.safetensors", stack = folder / "stack.tif";

    ModelAndStack(int width, int height, int pages) {
        write_model(model, small_net);
        write_texture(stack, width, height, pages, 5);
    }
    Outcome segment(const std::string &output, const std::vector<std::string> &more) {
        std::vector<std::string> line{"segment", "--model", model, "--input", stack, "--output", folder / output};
        line.insert(line.end(), more.begin(), more.end());
        return run(line);
    }
    std::string bytes(const std::string &name) { return text_of(folder / name); }

    /// Segments all at once, as whole.tif, in tiles of other sizes by more threads, and in two shards that are merged:
    /// the same bytes. `options`: adds those that hold for each run.
    void
    check_tiles_and_shards(const std::function<std::vector<std::string>(const std::vector<std::string> &)> &options) {
        REQUIRE(segment("whole.tif", options({"--tile", "1000", "--threads", "1"})).exit_code == 0);
        for (const char *tile : {"60", "92", "140"}) {
            CAPTURE(tile);
            REQUIRE(segment("tiles.tif", options({"--tile", tile, "--threads", "3", "--overwrite"})).exit_code == 0);
            CHECK(bytes("tiles.tif") == bytes("whole.tif"));
        }
        for (const char *shard : {"0/2", "1/2"})
            REQUIRE(segment("part-%s.tif", options({"--shard", shard, "--tile", "92"})).exit_code == 0);
        REQUIRE(
            run({"merge", "--output", folder / "merged.tif", folder / "part-0.tif", folder / "part-1.tif"}).exit_code ==
            0);
        CHECK(bytes("merged.tif") == bytes("whole.tif"));
    }
};

}  // namespace unet::test
