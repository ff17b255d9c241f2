#include "pipeline/plan.h"
#include "pipeline/bytes_text.h"
#include "pipeline/progress.h"
#include "pipeline/segment_plan.h"
#include "pipeline/stack_files.h"
#include "pipeline/threads.h"
#include "src/base/part_file.h"
#include "src/base/paths.h"
#include "src/base/random.h"
#include "src/net/unet.h"
#include <chrono>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace unet {

namespace fs = std::filesystem;

namespace {

/// What one stack needs.
struct StackNeeds {
    std::string name;
    StackShape images;
    ChosenPart part;
    SegmentPlan plan;
    Size tile;           ///< input of the network, at most
    uint64_t disk;       ///< bytes of its outputs, uncompressed
    double seconds = 0;  ///< of all tiles
};

/// A second run: the first one touches its memory for the first time.
double seconds_of_tile(const Model &model, const PreparedWeights &weights, Size size) {
    using Clock = std::chrono::steady_clock;
    UNet net(model.architecture(), size, UNet::Use::inference);
    Pixels image(model.architecture().channels, size.width, size.height);
    Random random(1, 1);
    for (float &value : image.values) value = float(random.uniform());
    net.segment(weights, image);
    const Clock::time_point begin = Clock::now();
    net.segment(weights, image);
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// By pixels of windows: those at the border may be smaller.
double pixels_of(const RegionPlan &tiles) {
    double pixels = 0;
    for (int64_t i = 0; i < tiles.size() / tiles.pages().count; i++) {
        const Rect read = tiles[i].read;
        pixels += double(read.width) * read.height;
    }
    return pixels * tiles.pages().count;
}

StackNeeds needs_of(const StackFiles &files, const Model &model, const PreparedWeights &weights,
                    const SegmentOptions &options) {
    const ImageStack images = images_of(files, options.images, model);
    check_channels(images, model, options.model);
    const ChosenPart part(images, options);
    StackNeeds needs{
        images.name(), images.shape(), part, plan_segment(images, model.architecture(), part, options), {}, 0};
    needs.tile = needs.plan.tiles.tiles().largest_read();
    for (const OutputKind &kind : options.kinds()) {
        const StackShape output = output_shape(images.shape(), part, kind, model.class_names);
        const TiffLayout layout(output, "", options.storage, options.pyramid);
        uint64_t pixels = 0;
        for (int level = 0; level < layout.levels(); level++)
            pixels += uint64_t(layout.level(level).width) * layout.level(level).height * output.pages;
        needs.disk +=
            options.storage == TileStorage::plain ? layout.plain_end() : pixels * output.samples * kind.sample_bytes();
    }
    needs.seconds = seconds_of_tile(model, weights, needs.tile) * pixels_of(needs.plan.tiles) /
                    (double(needs.tile.width) * needs.tile.height);
    return needs;
}

std::optional<uint64_t> free_disk(const std::string &output) {
    fs::path folder = fs::absolute(output.empty() ? "." : output);
    while (!folder.empty() && !fs::is_directory(folder) && folder != folder.parent_path())
        folder = folder.parent_path();
    std::error_code failure;
    const fs::space_info space = fs::space(folder, failure);
    return failure ? std::nullopt : std::optional<uint64_t>(space.available);
}

std::string in_words(const StackNeeds &needs, const Model &model, const SegmentOptions &options) {
    const Architecture &net = model.architecture();
    const auto &[program, weights, networks, tiles, bands, reading, held] = needs.plan.memory;
    const int64_t count = needs.plan.tiles.size(), pages = needs.part.pages.count;
    std::string text =
        fmt::format("input     {}: {} slice{} of {} x {}, {}\n", needs.name, pages, pages == 1 ? "" : "s",
                    needs.part.area.width, needs.part.area.height, sample_type_name(needs.images.type));
    text += fmt::format("network   width {}, depth {}, {} channel{}, {} classes\n", net.width, net.depth, net.channels,
                        net.channels == 1 ? "" : "s", net.classes);
    text += fmt::format("tiles     {} of up to {} x {} pixels, {} a slice; {} in flight, {} in the network at a time\n",
                        count, needs.tile.width, needs.tile.height, count / pages, needs.plan.limits.tiles_in_flight,
                        needs.plan.limits.workspaces);
    if (options.overlap > 0)
        text += fmt::format("          overlapping by {}, averaged by {} weights: not exact, depends on the tile\n",
                            options.overlap, options.blend == BlendForm::mean ? "equal" : "gaussian");
    text += fmt::format("memory    {}: network {}, activations {}, tiles {}, bands {}, reading {}, program {}\n",
                        bytes_text(needs.plan.memory.total()), bytes_text(weights), bytes_text(networks),
                        bytes_text(tiles), bytes_text(bands), bytes_text(reading + held), bytes_text(program));
    const std::optional<uint64_t> space = free_disk(options.output);
    text += fmt::format("disk      {}{}{}\n", options.storage == TileStorage::plain ? "" : "at most ",
                        bytes_text(needs.disk), space ? fmt::format(", {} free", bytes_text(*space)) : "");
    if (space && *space < needs.disk)
        text += options.storage == TileStorage::plain ? "          that is too little\n"
                                                      : "          that may be too little\n";
    text += fmt::format("time      about {} with {} thread{}\n", duration_text(needs.seconds), arena_threads(),
                        arena_threads() == 1 ? "" : "s");
    return text;
}

nlohmann::ordered_json as_json(const StackNeeds &needs, const SegmentOptions &options) {
    const auto &[program, weights, networks, tiles, bands, reading, held] = needs.plan.memory;
    nlohmann::ordered_json json{{"input", needs.name},
                                {"slices", needs.part.pages.count},
                                {"width", needs.part.area.width},
                                {"height", needs.part.area.height},
                                {"tile", {needs.tile.width, needs.tile.height}},
                                {"tiles", needs.plan.tiles.size()},
                                {"tiles_in_flight", needs.plan.limits.tiles_in_flight},
                                {"networks", needs.plan.limits.workspaces},
                                {"bands", needs.plan.tiles.bands()},
                                {"memory_bytes", needs.plan.memory.total()},
                                {"memory",
                                 {{"program", program},
                                  {"weights", weights},
                                  {"networks", networks},
                                  {"tiles", tiles},
                                  {"bands", bands},
                                  {"reading", reading},
                                  {"held", held}}},
                                {"disk_bytes", needs.disk},
                                {"seconds", needs.seconds},
                                {"threads", arena_threads()}};
    if (const auto space = free_disk(options.output)) json["free_disk_bytes"] = *space;
    return json;
}

}  // namespace

void run_plan(const SegmentOptions &options, const std::string &json) {
    const Model model = load_model(options.model);
    const PreparedWeights weights(model.parameters, PreparedWeights::Use::inference);
    const std::string output = options.output.empty() ? "output.tif" : options.output;
    nlohmann::ordered_json results = nlohmann::ordered_json::array();
    std::string text;
    double seconds = 0;
    const std::vector<StackFiles> plan = plan_files(expand_lists(options.inputs), output, options.kind_names());
    for (const StackFiles &files : plan) {
        const StackNeeds needs = needs_of(files, model, weights, options);
        text += (text.empty() ? "" : "\n") + in_words(needs, model, options);
        seconds += needs.seconds;
        results.push_back(as_json(needs, options));
    }
    if (plan.size() > 1) text += fmt::format("\nall {} files: about {}\n", plan.size(), duration_text(seconds));
    if (json != "-") fmt::print("{}", text);
    if (!json.empty()) write_text(json, results.dump(2) + "\n");
}

}  // namespace unet
