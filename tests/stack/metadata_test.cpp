#include "src/stack/ome_xml.h"
#include "src/stack/stack_metadata.h"
#include "tests/stack/support.h"

using namespace unet;

TEST_CASE("units of length are known by the spellings in use", "[definition][metadata]") {
    const auto [spelling, name, size] = GENERATE(table<std::string, std::string, double>({
        {"µm", "µm", 1},
        {"\u03bcm", "µm", 1},  // Greek mu
        {"\xb5m", "µm", 1},    // Latin-1, as ImageJ writes
        {"\\u00B5m", "µm", 1},
        {"micron", "µm", 1},
        {"um", "µm", 1},
        {"nm", "nm", 0.001},
        {"mm", "mm", 1000},
        {"inch", "in", 25400},
        {"pixel", "", 0},
        {"", "", 0},
    }));
    CAPTURE(spelling);
    CHECK(unit_name(spelling) == name);
    CHECK(micrometres(name) == size);
}

TEST_CASE("axes are those of OME-XML, outermost first, without those of length 1", "[definition][metadata]") {
    PageNotes notes;
    notes.description = R"(<?xml version="1.0"?><ome:OME xmlns:ome="http://www.openmicroscopy.org/Schemas/OME/2016-06">
        <ome:Image ID="Image:0"><ome:Pixels DimensionOrder="XYZCT" SizeX="5" SizeY="4" SizeZ="3" SizeC="2" SizeT="1"
        PhysicalSizeX="0.5" PhysicalSizeY="0.5" PhysicalSizeZ="3000" PhysicalSizeZUnit="nm"/></ome:Image></ome:OME>)";
    const StackMetadata metadata = parse_metadata(notes, {});
    CHECK(metadata.source == "OME");
    CHECK(metadata.series.size() == 1);
    CHECK(metadata.axes == std::vector<Axis>{{'C', 2}, {'Z', 3}});
    CHECK(metadata.voxel == VoxelSize{0.5, 0.5, 3, "µm"});

    PageLayout two_samples;
    two_samples.samples = 2;
    CHECK(parse_metadata(notes, two_samples).axes == std::vector<Axis>{{'Z', 3}});
}

TEST_CASE("what is no number, no XML or no size is unknown", "[definition][metadata]") {
    PageNotes notes{.description = "", .resolution_x = 1e9, .resolution_y = 1e9, .resolution_unit = 1};
    notes.description =
        GENERATE("", "<OME", "<OME><Image><Pixels PhysicalSizeX='-1' PhysicalSizeY='inf' SizeZ='x'/></Image></OME>",
                 "ImageJ=1.53\nunit=um\nimages=-5\nspacing=nan\n", "ImageJ=\nunit=pixel\nspacing=7", "\x01\xff<OME>");
    CAPTURE(notes.description);
    const StackMetadata metadata = parse_metadata(notes, {});
    CHECK(metadata.voxel.z == 0);
    CHECK(metadata.axes.empty());
    CHECK(metadata.images <= 1);
}

TEST_CASE("the OME-XML that is written reads back the same", "[definition][metadata]") {
    const StackShape shape{.width = 5,
                           .height = 4,
                           .samples = 3,
                           .pages = 7,
                           .type = SampleType::u16,
                           .voxel = {0.1, 1.0 / 3, 2.5e-7, "mm"}};
    const std::map<std::string, std::string> facts{{"model", "a<b>&\"c\""}, {"version", "1"}};
    PageNotes notes;
    notes.description = ome_xml(shape, facts);
    const StackMetadata metadata = parse_metadata(notes, {}, 21);
    CHECK(metadata.voxel == shape.voxel);
    CHECK(metadata.axes == std::vector<Axis>{{'Z', 7}, {'C', 3}});
    REQUIRE(metadata.series.size() == 1);
    CHECK(metadata.series[0].directories.size() == 21);
    CHECK_THAT(notes.description, Catch::Contains("a&lt;b&gt;&amp;\"c\""));
}
