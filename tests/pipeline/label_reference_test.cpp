// Objects against those that scikit-image finds: tools/make_label_reference.py.
#include "src/stack/image_stack.h"
#include "src/stack/stack_writer.h"
#include "tests/pipeline/run_program.h"
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace unet;
namespace fs = std::filesystem;

namespace {

const fs::path label_references = "tests/data/labels";

nlohmann::json label_cases() { return nlohmann::json::parse(std::ifstream(label_references / "cases.json")); }

/// Of all slices, one behind the other.
std::vector<uint32_t> all_ids(const fs::path &file) {
    const ImageStack stack({file});
    std::vector<uint32_t> ids;
    for (int page = 0; page < stack.shape().pages; page++) {
        const Ids slice = stack.read_ids(page, {0, 0, stack.shape().width, stack.shape().height});
        ids.insert(ids.end(), slice.values.begin(), slice.values.end());
    }
    return ids;
}

bool equal_up_to_numbering(const std::vector<uint32_t> &a, const std::vector<uint32_t> &b) {
    std::map<uint32_t, uint32_t> to_b{{0, 0}}, to_a{{0, 0}};
    for (size_t i = 0; i < a.size(); i++)
        if (to_b.emplace(a[i], b[i]).first->second != b[i] || to_a.emplace(b[i], a[i]).first->second != a[i])
            return false;
    return a.size() == b.size();
}

/// As tools/make_label_reference.py computes them.
uint8_t noise_at(uint32_t x, uint32_t y, uint32_t z) {
    uint32_t h = x * 73856093u ^ y * 19349663u ^ z * 83492791u;
    h = (h ^ (h >> 13)) * 0x5BD1E995u;
    return uint8_t((h ^ (h >> 15)) >> 8);
}

uint64_t checksum_of(const std::vector<uint32_t> &ids) {
    uint64_t sum = 0;
    for (size_t i = 0; i < ids.size(); i++) sum += (i + 1) * ids[i];
    return sum;
}

std::vector<std::vector<double>> numbers_of_table(const fs::path &file) {
    std::ifstream stream(file);
    std::vector<std::vector<double>> lines;
    std::string line;
    std::getline(stream, line);  // the names of the columns
    while (std::getline(stream, line)) {
        lines.emplace_back();
        std::istringstream fields(line);
        for (std::string field; std::getline(fields, field, ',');) lines.back().push_back(std::stod(field));
    }
    return lines;
}

void label(const fs::path &input, const fs::path &output, const nlohmann::json &options) {
    std::vector<std::string> line{"label", "--input", input, "--output", output, "--csv"};
    for (const std::string option : options) line.push_back(option);
    const test::Outcome outcome = test::run(line);
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
}

}  // namespace

TEST_CASE("components and watersheds are those of scikit-image, and measure the same", "[definition][label]") {
    const std::string input = GENERATE("probabilities.ome.tif", "probabilities.imagej.tif");
    const nlohmann::json all = label_cases();
    REQUIRE(all["cases"].size() == 16);
    for (const nlohmann::json &reference : all["cases"]) {
        const test::TemporaryFolder folder;
        CAPTURE(input, reference["options"].dump());
        label(label_references / input, folder / "objects.tif", reference["options"]);
        CHECK(equal_up_to_numbering(all_ids(folder / "objects.tif"),
                                    all_ids(label_references / reference["labels"].get<std::string>())));
        const auto lines = numbers_of_table(folder / "objects.csv");
        REQUIRE(lines.size() == reference["objects"].size());
        for (size_t i = 0; i < lines.size(); i++) {
            const std::vector<double> expected = reference["objects"][i];
            REQUIRE(lines[i].size() == expected.size());
            for (size_t k = 0; k < expected.size(); k++) {
                CAPTURE(i, k);
                // Three decimals in pixels, six digits in units: the larger of the two roundings.
                CHECK(std::abs(lines[i][k] - expected[k]) <= 0.5001e-3 + 5e-6 * std::abs(expected[k]));
            }
        }
    }
}

TEST_CASE("hundreds of thousands of objects are those of scikit-image", "[definition][label]") {
    const test::TemporaryFolder folder;
    std::vector<Classes> pages;
    for (uint32_t z = 0; z < 20; z++) {
        pages.emplace_back(1, 400, 300);
        for (int y = 0; y < 300; y++)
            for (int x = 0; x < 400; x++) pages.back()(x, y) = noise_at(uint32_t(x), uint32_t(y), z) < 40;
    }
    write_stack(folder / "noise.tif", pages);
    const nlohmann::json all = label_cases();
    REQUIRE(all["many"].size() == 4);
    for (const nlohmann::json &reference : all["many"]) {
        CAPTURE(reference.dump());
        const fs::path output = folder / (reference["options"][1].get<std::string>() + ".tif");
        label(folder / "noise.tif", output, reference["options"]);
        const std::vector<uint32_t> ids = all_ids(output);
        CHECK(*std::max_element(ids.begin(), ids.end()) == reference["count"]);
        CHECK(checksum_of(ids) == reference["checksum"]);
    }
}
