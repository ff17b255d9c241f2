// unetflow synth: what lies in the folder.
#include "pipeline/synth.h"
#include "pipeline/threads.h"
#include "src/base/error.h"
#include "src/sample/synth_cells.h"
#include "src/sample/synth_membranes.h"
#include "src/stack/image_stack.h"
#include "tests/temporary_folder.h"
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

using namespace unet;

namespace {

std::string bytes(const std::filesystem::path &path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

SynthOptions quiet_options(const std::filesystem::path &folder, const std::string &kind, int size, int slices) {
    SynthOptions options;
    options.output = folder;
    options.kind = kind;
    options.size = size;
    options.slices = slices;
    options.seed = 5;
    options.quiet = true;
    return options;
}

Exit exit_of(const SynthOptions &options) {
    try {
        run_synth(options);
    } catch (const Error &error) {
        return error.code;
    }
    return Exit::done;
}

}  // namespace

TEST_CASE("The files of synth hold its slices, with labels of the kind's type and a voxel size",
          "[definition][synth]") {
    const test::TemporaryFolder folder;
    run_synth(quiet_options(folder / "membranes", "membranes", 530, 2));
    run_synth(quiet_options(folder / "cells", "cells", 90, 3));

    const ImageStack walls({folder / "membranes" / "labels.tif"}), tissue({folder / "membranes" / "images.tif"});
    CHECK(walls.shape() == StackShape{530, 530, 1, 2, SampleType::u8, {4, 4, 50, "nm"}});
    CHECK(tissue.shape() == walls.shape());
    const SynthSlice slice = synth_membranes(5, 530, 1);
    CHECK(walls.read_ids(1, {0, 0, 530, 530}) == slice.labels);
    const Pixels gray = tissue.read(1, {0, 0, 530, 530});
    CHECK(std::equal(gray.values.begin(), gray.values.end(), slice.image.values.begin()));

    const ImageStack cells({folder / "cells" / "labels.tif"}), culture({folder / "cells" / "images.tif"});
    CHECK(cells.shape() == StackShape{90, 90, 1, 3, SampleType::u16, {0.65, 0.65, 0, "µm"}});
    CHECK(culture.shape().type == SampleType::u8);
    CHECK(cells.read_ids(2, {0, 0, 90, 90}) == synth_cells(5, 90, 2).labels);
}

TEST_CASE("synth writes the same bytes with 1, 2 and 5 threads", "[repeat][synth]") {
    const test::TemporaryFolder folder;
    for (int threads : {1, 2, 5})
        with_threads(threads, [&] { run_synth(quiet_options(folder / std::to_string(threads), "membranes", 120, 7)); });
    for (const char *name : {"images.tif", "labels.tif"}) {
        const std::string one = bytes(folder / "1" / name);
        CHECK(!one.empty());
        CHECK(one == bytes(folder / "2" / name));
        CHECK(one == bytes(folder / "5" / name));
    }
}

TEST_CASE("synth replaces a stack only when told to", "[error][synth]") {
    const test::TemporaryFolder folder;
    SynthOptions options = quiet_options(folder / "out", "cells", 40, 1);
    run_synth(options);
    const std::string before = bytes(folder / "out" / "images.tif");
    options.seed = 6;
    CHECK(exit_of(options) == Exit::cannot_create);
    CHECK(bytes(folder / "out" / "images.tif") == before);
    options.overwrite = true;
    CHECK(exit_of(options) == Exit::done);
    CHECK(bytes(folder / "out" / "images.tif") != before);
}

TEST_CASE("synth refuses what it cannot draw and folders that cannot be made", "[error][synth]") {
    const test::TemporaryFolder folder;
    const SynthOptions good = quiet_options(folder / "out", "cells", 40, 1);
    SynthOptions bad = good;
    bad.kind = "neurons";
    CHECK(exit_of(bad) == Exit::usage);
    bad = good;
    bad.size = GENERATE(-1, 0, 4097);
    CHECK(exit_of(bad) == Exit::usage);
    bad = good;
    bad.slices = 0;
    CHECK(exit_of(bad) == Exit::usage);
    std::ofstream(folder / "file") << "no folder";
    bad = good;
    bad.output = folder / "file" / "out";
    CHECK(exit_of(bad) == Exit::cannot_create);
    CHECK(!std::filesystem::exists(folder / "out"));
}
