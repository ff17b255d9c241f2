#include "pipeline/output_stack.h"
#include "src/base/error.h"
#include "tests/temporary_folder.h"
#include <catch2/catch.hpp>

using namespace unet;

namespace {

/// Three pages of one band each.
OutputSpec three_bands(const std::filesystem::path &path) {
    const JournalHead head{
        .run = {{"model", "0123"}},
        .metadata = {},
        .stack = {.width = 8, .height = 8, .samples = 1, .pages = 3, .type = SampleType::u8, .voxel = {}},
        .bands = {0, 3}};
    return {path, head, {}};
}

Band band_of(int page) {
    return {.page = page, .y = 0, .rows = 8, .bytes = std::vector<uint8_t>(64, uint8_t(page + 1))};
}

int64_t bands_in_journal(const OutputSpec &spec) {
    JournalReader reader(spec.journal());
    int64_t bands = 0;
    while (reader.next()) bands++;
    return bands;
}

}  // namespace

// One output of several may be ahead of the others; its file is cut then. A run that is killed in between must find no
// journal of bands that the file has lost.
TEST_CASE("an output that goes on from an earlier band cuts its journal before its file", "[repeat][segment_resume]") {
    const test::TemporaryFolder folder;
    const OutputSpec spec = three_bands(folder / "o.tif");
    {
        OutputStack output(spec, 0);
        for (int page = 0; page < 2; page++) output.append(band_of(page));
        output.commit();
    }
    REQUIRE(bands_in_journal(spec) == 2);
    REQUIRE(look_up(spec, false, false, {}).next == 2);

    std::filesystem::resize_file(spec.part(), 8);  // so that the file cannot be cut
    CHECK_THROWS_AS(OutputStack(spec, 1), Error);

    CHECK(bands_in_journal(spec) == 1);
}
