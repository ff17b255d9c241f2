#include "src/base/error.h"
#include "tune/kernel_list.h"
#include <catch2/catch.hpp>

using namespace unet;

TEST_CASE("knobs are written and read as a profile has them", "[definition]") {
    const KnobValues knobs{{"blocks", 4}, {"pixels", 6}, {"rows", 18}};
    CHECK(knobs_text(knobs) == "blocks=4 pixels=6 rows=18");
    CHECK(parse_knobs(knobs_text(knobs)) == knobs);
    CHECK(parse_knobs("blocks=4;pixels=6;rows=18") == knobs);  // a list of CMake
    CHECK(knobs_text({}) == "default");
    CHECK(parse_knobs("default").empty());
}

TEST_CASE("what is no knob is refused by name", "[error]") {
    const std::string text = GENERATE("blocks", "=4", "blocks=", "blocks=four", "blocks=4x", "blocks=0", "rows=-1");
    CHECK_THROWS_WITH(parse_knobs("pixels=2 " + text), "\"" + text + "\" is no knob; write name=number");
}

TEST_CASE("register tiles that are tried fit the registers, and those of generic.txt are among them", "[definition]") {
    for (const Kernels &target : available_kernels()) {
        const int lanes = lanes_of(std::string(target.halide_target)), registers = lanes == 16 ? 32 : 16;
        for (const KernelEntry &kernel : kernel_list()) {
            const auto groups = knob_choices(kernel.op, lanes);
            const KnobValues generic = generic_knobs_of(kernel.name, std::string(target.name));
            CAPTURE(kernel.name, target.name);
            for (const KnobChoices &group : groups) {
                bool holds_generic = generic.empty();
                for (const KnobValues &choice : group) {
                    if (choice.contains("blocks"))
                        CHECK(choice.at("blocks") * 16 / lanes * choice.at("pixels") < registers);
                    holds_generic |= std::includes(generic.begin(), generic.end(), choice.begin(), choice.end());
                }
                CHECK(holds_generic);
            }
            CHECK((generic.empty() || !groups.empty()));
        }
    }
}
