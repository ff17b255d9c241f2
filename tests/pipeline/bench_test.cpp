#include "src/kernels/fma_peak.h"
#include "tests/pipeline/run_program.h"
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace unet;

TEST_CASE("bench times the network and its layers, and counts its work right", "[definition][bench]") {
    const test::Outcome outcome =
        test::run({"bench", "--width", "4", "--depth", "2", "--tile", "108", "--repeat", "2", "--json", "-"});
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    const auto result = nlohmann::json::parse(outcome.out);
    for (const char *key :
         {"inference_seconds", "training_step_seconds", "fma_peak_gflops", "memory_peak_gbs", "peak_bytes"})
        CHECK(result.at(key).get<double>() > 0);
    CHECK(result.at("threads").get<int>() >= 1);
    CHECK(result.at("target").is_string());
    CHECK(result.at("tile") == 108);

    // 3x3 layers: inputs, outputs, and the side of the output; then the two up-convolutions and the head.
    double work = 0;
    const int layers[][3] = {{1, 4, 106},  {4, 4, 104}, {4, 8, 50}, {8, 8, 48}, {8, 16, 22},
                             {16, 16, 20}, {16, 8, 38}, {8, 8, 36}, {8, 4, 70}, {4, 4, 68}};
    for (const auto &[in, out, side] : layers) work += 9.0 * in * out * side * side;
    work += 16.0 * 8 * 40 * 40 + 8.0 * 4 * 72 * 72 + 4.0 * 2 * 68 * 68;
    const double counted =
        result.at("inference_gflops").get<double>() * result.at("inference_seconds").get<double>() * 1e9 / 2;
    CHECK(counted == Approx(work).epsilon(1e-6));
    CHECK(result.at("layers").size() >= 13);

    // Stored: channels in blocks of 16, rows of 106 and 104 pixels in 122 and 110
    // columns, 2 rows and 2 pixels before them, 5 rows behind.
    const nlohmann::json second = result.at("layers").at(2);
    CHECK(second.at("name") == "encoder.0.conv2");
    const size_t stored = 16 * (2 * 122 + 2 + 122 * (106 + 5)) + 16 * (2 * 110 + 2 + 110 * (104 + 5));
    CHECK(second.at("bytes_moved") == sizeof(float) * (stored + 16 * 16 * 36));
    // Of the skip connection it reads the crop of 72 pixels a side that the up-convolution gives.
    const nlohmann::json last = result.at("layers").at(result.at("layers").size() - 3);
    CHECK(last.at("name") == "decoder.0.conv1");
    const size_t up = 16 * (2 * 86 + 2 + 86 * (72 + 5)), mid = 16 * (2 * 86 + 2 + 86 * (70 + 5));
    CHECK(last.at("bytes_moved") == sizeof(float) * (2 * up + mid + 2 * 16 * 16 * 36));
    // The last layer writes the two classes of each pixel, nothing else.
    const nlohmann::json head = result.at("layers").back();
    CHECK(head.at("name") == "head");
    const size_t out = 16 * (2 * 74 + 2 + 74 * (68 + 5));
    CHECK(head.at("bytes_moved") == sizeof(float) * (out + 16 * 16 + 2 * 68 * 68));
    size_t moved = 0;
    for (const nlohmann::json &layer : result.at("layers")) moved += layer.at("bytes_moved").get<size_t>();
    CHECK(result.at("inference_bytes_moved") == moved);
}

TEST_CASE("bench takes the very memory that was planned, and --memory-saver takes less", "[definition][bench]") {
    const std::string width = GENERATE("4", "20", "32"), depth = GENERATE("0", "1", "3");
    const auto bench = [&](std::vector<std::string> more) {
        std::vector<std::string> words{"bench", "--width",  width, "--depth", depth,    "--tile",
                                       "200",   "--repeat", "1",   "--quiet", "--json", "-"};
        words.insert(words.end(), more.begin(), more.end());
        const auto result = nlohmann::json::parse(test::run(words).out);
        CHECK(result.at("peak_bytes") == result.at("predicted_bytes"));
        return result.at("peak_bytes").get<size_t>();
    };
    CAPTURE(width, depth);
    const size_t inference = bench({"--skip-training"}), frugal = bench({"--memory-saver"}), usual = bench({});
    CHECK(inference < frugal);
    if (depth != "0") CHECK(frugal < usual);
}

TEST_CASE("more threads do not lower the peak of multiply-adds", "[definition][bench]") {
    const double one = fma_peak_gflops(1);
    CHECK(one > 1);
    CHECK(fma_peak_gflops(2) > 0.5 * one);
}
