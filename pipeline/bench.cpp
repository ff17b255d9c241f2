#include "pipeline/bench.h"
#include "pipeline/bench_runs.h"
#include "pipeline/threads.h"
#include "src/base/float_buffer.h"
#include "src/base/part_file.h"
#include "src/kernels/fma_peak.h"
#include "src/kernels/kernels.h"
#include "src/kernels/memory_peak.h"
#include "src/net/memory.h"
#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>

namespace unet {

namespace {

/// Medians of several runs.
struct Timing {
    double seconds = 0;
    std::vector<LayerTime> layers;
    size_t bytes = 0, predicted_bytes = 0;  // counted; planned before

    double gflops() const { return gflops_of(seconds, multiply_adds()); }
    static double gflops_of(double seconds, double multiply_adds) { return 2 * multiply_adds / seconds / 1e9; }
    double layer_gflops() const { return gflops_of(layer_seconds(), multiply_adds()); }
    double layer_seconds() const {
        double sum = 0;
        for (const LayerTime &layer : layers) sum += layer.seconds;
        return sum;
    }
    size_t bytes_moved() const {
        size_t sum = 0;
        for (const LayerTime &layer : layers) sum += layer.bytes;
        return sum;
    }

private:
    double multiply_adds() const {
        double sum = 0;
        for (const LayerTime &layer : layers) sum += layer.multiply_adds;
        return sum;
    }
};

struct BenchResult {
    int input = 0;
    double peak_gflops = 0, peak_gbs = 0;
    Timing inference;
    std::optional<Timing> training;
};

double median(std::vector<double> values) {
    std::nth_element(values.begin(), values.begin() + long(values.size() / 2), values.end());
    return values[values.size() / 2];
}

// Layers of a device take as long as they do only where each is waited for, which a pass does not do.
Timing time(int repeat, UNet &net, const std::function<void()> &work) {
    using Clock = std::chrono::steady_clock;
    work();  // the first run touches memory for the first time
    std::vector<double> seconds;
    std::vector<std::vector<double>> of_layer(net.layer_times().size());
    for (int i = 0; i < repeat; i++) {
        const Clock::time_point start = Clock::now();
        work();
        seconds.push_back(std::chrono::duration<double>(Clock::now() - start).count());
        if (kernels().on_device()) {
            net.wait_for_layers(true);
            work();
            net.wait_for_layers(false);
        }
        for (size_t l = 0; l < of_layer.size(); l++) of_layer[l].push_back(net.layer_times()[l].seconds);
    }
    Timing timing{median(seconds), net.layer_times(), FloatBufferCount::peak_bytes()};
    for (size_t l = 0; l < of_layer.size(); l++) timing.layers[l].seconds = median(of_layer[l]);
    return timing;
}

Timing time_inference(const BenchOptions &options, int input) {
    FloatBufferCount::reset_peak();
    InferenceRun run(options.architecture, input);
    Timing timing = time(options.repeat, run.net(), [&] { run(); });
    timing.predicted_bytes = inference_bytes(options.architecture, square(input));
    return timing;
}

Timing time_training(const BenchOptions &options, int input) {
    FloatBufferCount::reset_peak();
    const UNet::Use use = UNet::training_use(options.memory_saver);
    TrainingRun run(options.architecture, input, use);
    Timing timing = time(options.repeat, run.net(), [&] { run(); });
    timing.predicted_bytes = training_bytes(options.architecture, square(input), use, OptimiserMethod::sgd, 1);
    return timing;
}

nlohmann::ordered_json layers_to_json(const std::vector<LayerTime> &layers) {
    auto rows = nlohmann::ordered_json::array();
    for (const LayerTime &layer : layers) {
        nlohmann::ordered_json row{{"name", layer.name}, {"seconds", layer.seconds}};
        if (layer.multiply_adds > 0) row["gflops"] = Timing::gflops_of(layer.seconds, layer.multiply_adds);
        row["bytes_moved"] = layer.bytes;
        rows.push_back(row);
    }
    return rows;
}

nlohmann::ordered_json to_json(const BenchOptions &options, const BenchResult &result) {
    const Architecture &net = options.architecture;
    nlohmann::ordered_json json{{"inference_seconds", result.inference.seconds},
                                {"inference_gflops", result.inference.gflops()},
                                {"inference_bytes_moved", result.inference.bytes_moved()}};
    const bool has_peak = result.peak_gflops > 0;
    if (has_peak) json["inference_share_of_peak"] = result.inference.gflops() / result.peak_gflops;
    size_t bytes = result.inference.bytes, predicted = result.inference.predicted_bytes;
    if (const auto &training = result.training) {
        json["training_step_seconds"] = training->seconds;
        json["training_gflops"] = training->gflops();
        if (has_peak) json["training_share_of_peak"] = training->gflops() / result.peak_gflops;
        json["training_bytes_moved"] = training->bytes_moved();
        bytes = std::max(bytes, training->bytes), predicted = std::max(predicted, training->predicted_bytes);
    }
    if (has_peak) {
        json["fma_peak_gflops"] = result.peak_gflops;
        json["memory_peak_gbs"] = result.peak_gbs;
    }
    json["peak_bytes"] = bytes;
    json["predicted_bytes"] = predicted;
    json["threads"] = arena_threads();
    json["target"] = kernels().name;
    json["device"] = devices_text();
    json["tile"] = result.input;
    json["width"] = net.width;
    json["depth"] = net.depth;
    json["channels"] = net.channels;
    json["classes"] = net.classes;
    json["layers"] = layers_to_json(result.inference.layers);
    if (result.training) json["training_layers"] = layers_to_json(result.training->layers);
    return json;
}

std::string row(const std::string &what, double seconds, double gflops, double peak, size_t bytes) {
    std::string arithmetic = gflops > 0 ? fmt::format("{:7.1f} GFLOP/s", gflops) : "";
    if (gflops > 0 && peak > 0) arithmetic += fmt::format(" {:4.0f} % of peak", 100 * gflops / peak);
    return fmt::format("{:<24} {:9.2f} ms  {:<31} {:6.0f} MB moved {:6.1f} GB/s\n", what, 1e3 * seconds, arithmetic,
                       double(bytes) / 1e6, double(bytes) / seconds / 1e9);
}

std::string rows(const char *what, const Timing &timing, double peak) {
    std::string text = "\n";
    for (const LayerTime &layer : timing.layers)
        text +=
            row(layer.name, layer.seconds, Timing::gflops_of(layer.seconds, layer.multiply_adds), peak, layer.bytes);
    return text + row("all layers", timing.layer_seconds(), timing.layer_gflops(), peak, timing.bytes_moved()) +
           fmt::format("{:<24} {:9.2f} ms\n", what, 1e3 * timing.seconds) +
           fmt::format("{:<24} {:9.0f} MB\n", "memory", double(timing.bytes) / 1e6);
}

std::string to_table(const BenchOptions &options, const BenchResult &result) {
    const Architecture &net = options.architecture;
    const bool on_device = kernels().on_device();
    std::string text =
        fmt::format("U-Net of width {}, depth {}, tile {}, {} kernels, {}\n", net.width, net.depth, result.input,
                    kernels().name, on_device ? devices_text() : fmt::format("{} threads", arena_threads()));
    if (!on_device)
        text += fmt::format("peak of multiply-adds here: {:.1f} GFLOP/s; of memory: {:.1f} GB/s\n", result.peak_gflops,
                            result.peak_gbs);
    text += rows("inference", result.inference, result.peak_gflops);
    if (result.training) text += rows("training step", *result.training, result.peak_gflops);
    return text;
}

}  // namespace

void run_bench(const BenchOptions &options) {
    if (options.training && options.precision == Precision::float16)
        throw Error(Exit::usage, "--precision float16: is for inference only; add --skip-training");
    BenchResult result;
    result.input = geometry(options.architecture).largest_input(options.tile);
    if (result.input != options.tile && !options.quiet)
        fmt::print(stderr, "tile {} becomes {}, a size that fits the network\n", options.tile, result.input);
    const auto measure = [&] {
        if (!kernels().on_device()) {
            result.peak_gflops = fma_peak_gflops(arena_threads());
            result.peak_gbs = memory_peak_gbs(arena_threads());
        }
        result.inference = time_inference(options, result.input);
        if (options.training) result.training = time_training(options, result.input);
    };
    prepare_on(device_of_rank(options.device, 0, 1), options.quiet, measure, options.precision);
    if (options.json != "-") write_text("-", to_table(options, result));
    if (!options.json.empty()) write_text(options.json, to_json(options, result).dump(2) + "\n");
}

}  // namespace unet
