#include "pipeline/plan.h"
#include "pipeline/bytes_text.h"
#include "pipeline/progress.h"
#include "pipeline/segment_plan.h"
#include "pipeline/segment_work.h"
#include "pipeline/threads.h"
#include "src/base/part_file.h"
#include "src/base/random.h"
#include "src/kernels/devices.h"
#include "src/net/unet.h"
#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>

namespace unet {

namespace fs = std::filesystem;

namespace {

/// What one stack, or a shard of it, needs.
struct StackNeeds {
    std::string name;
    StackShape images;
    ChosenPart part;
    SegmentPlan plan;
    std::optional<Shard> shard;
    BandRange bands;      ///< of the shard, or all
    int64_t tiles;        ///< that these bands take
    Size tile;            ///< input of the network, at most
    uint64_t disk = 0;    ///< bytes of its outputs, uncompressed
    uint64_t shared = 0;  ///< bytes of the file that all shards write into; 0: each its own
    double seconds = 0;   ///< of its tiles
};

/// A second run: the first one touches its memory for the first time.
double seconds_of_tile(const Ensemble &models, Size size) {
    const Architecture &architecture = models.first().architecture();
    using Clock = std::chrono::steady_clock;
    UNet net(architecture, size, UNet::Use::inference);
    Pixels image(architecture.channels, size.width, size.height);
    Random random(1, 1);
    for (float &value : image.values) value = float(random.uniform());
    const std::vector<Network> networks = models.networks();
    net.segment(*networks.front().weights, image);
    const Clock::time_point begin = Clock::now();
    net.segment(*networks.front().weights, image);
    return std::chrono::duration<double>(Clock::now() - begin).count() * double(networks.size());
}

/// By pixels of windows, the mean of a page: those at the border may be smaller.
double pixels_of_tile(const RegionPlan &tiles) {
    double pixels = 0;
    const int64_t of_page = tiles.size() / tiles.pages().count;
    for (int64_t i = 0; i < of_page; i++) {
        const Rect read = tiles[i].read;
        pixels += double(read.width) * read.height;
    }
    return pixels / double(of_page);
}

/// Rows of the first `bands` bands of pages of `height` rows.
uint64_t rows_before(int64_t bands, int height) {
    const int64_t per_page = bands_per_page(height);
    return uint64_t(bands / per_page * height + std::min<int64_t>(bands % per_page * band_rows, height));
}

void add_disk(StackNeeds &needs, const StackShape &output, TileStorage storage, bool pyramid) {
    const uint64_t samples = uint64_t(output.samples);
    if (storage == TileStorage::deflate) {
        const uint64_t rows =
            rows_before(needs.bands.end, output.height) - rows_before(needs.bands.first, output.height);
        uint64_t pixels = rows * uint64_t(output.width);
        const TiffLayout layout(output, "", storage, pyramid);
        for (int level = 1; level < layout.levels() && !needs.shard; level++)  // `merge` makes those of shards
            pixels += uint64_t(layout.level(level).width) * layout.level(level).height * output.pages;
        needs.disk += pixels * samples * bytes_per_sample(output.type);
        return;
    }
    const TiffLayout layout(output, "", storage, pyramid);
    if (!needs.shard) {
        needs.disk += layout.plain_end();
        return;
    }
    const auto bands = uint64_t(needs.bands.end - needs.bands.first);
    needs.disk += bands * uint64_t(layout.level(0).tiles_across()) * samples * layout.tile_bytes();
    needs.shared += layout.plain_end();
}

/// Stacks with a model. Times are measured once for each size of tile.
class Needs {
public:
    Needs(const Ensemble &models, const SegmentOptions &options)
        : models_(models), model_(models.first()), options_(options) {}

    StackNeeds of(const StackFiles &files, std::optional<Shard> shard) {
        const ImageStack images = images_of(files, options_.images, model_);
        check_channels(images, model_, models_.name());
        const ChosenPart part(images, options_);
        const SegmentPlan plan = plan_segment(images, model_.architecture(), part, options_);
        const BandRange bands = bands_of(shard.value_or(Shard{}), plan.tiles.bands());
        const RegionPlan tiles(plan.tiles.tiles(), part.pages, part.area, bands);
        StackNeeds needs{.name = images.name(),
                         .images = images.shape(),
                         .part = part,
                         .plan = plan,
                         .shard = shard,
                         .bands = bands,
                         .tiles = tiles.size(),
                         .tile = plan.tiles.tiles().largest_read()};
        for (const OutputKind &kind : options_.kinds())
            add_disk(needs, output_shape(images.shape(), part, kind, model_.class_names), options_.storage,
                     options_.pyramid);
        needs.seconds = (options_.d4 ? 8 : 1) * seconds_of_tile(needs.tile) * double(needs.tiles) *
                        pixels_of_tile(plan.tiles) / (double(needs.tile.width) * needs.tile.height);
        return needs;
    }

private:
    double seconds_of_tile(Size size) {
        const auto [known, is_new] = seconds_.emplace(std::pair(size.width, size.height), 0.0);
        if (is_new) known->second = unet::seconds_of_tile(models_, size);
        return known->second;
    }

    const Ensemble &models_;
    const Model &model_;
    const SegmentOptions &options_;
    std::map<std::pair<int, int>, double> seconds_;
};

std::optional<uint64_t> free_disk(const std::string &output) {
    fs::path folder = fs::absolute(output.empty() ? "." : output);
    while (!folder.empty() && !fs::is_directory(folder) && folder != folder.parent_path())
        folder = folder.parent_path();
    std::error_code failure;
    const fs::space_info space = fs::space(folder, failure);
    return failure ? std::nullopt : std::optional<uint64_t>(space.available);
}

// "1 of 4, from 0: bands 3 to 5 of 12, slices 0 to 1"; of what was asked for, not of the whole stack.
std::string shard_words(const StackNeeds &needs) {
    const auto range = [](const char *what, int64_t first, int64_t last) {
        return first == last ? fmt::format("{} {}", what, first) : fmt::format("{}s {} to {}", what, first, last);
    };
    const auto [first, end] = needs.bands;
    std::string text = fmt::format("{} of {}, from 0: ", needs.shard->index, needs.shard->count);
    if (first == end) return text + "empty, there are fewer bands";
    const int64_t per_page = bands_per_page(needs.part.area.height), page = needs.part.pages.first;
    return text + fmt::format("{} of {}, {}", range("band", first, end - 1), needs.plan.tiles.bands(),
                              range("slice", page + first / per_page, page + (end - 1) / per_page));
}

std::string disk_words(const StackNeeds &needs, const SegmentOptions &options) {
    const bool plain = options.storage == TileStorage::plain;
    const std::optional<uint64_t> space = free_disk(options.output);
    std::string text = fmt::format("disk      {}{}{}{}\n", plain ? "" : "at most ", bytes_text(needs.disk),
                                   needs.shared ? " of the " + bytes_text(needs.shared) + " of all shards" : "",
                                   space ? fmt::format(", {} free", bytes_text(*space)) : "");
    if (space && *space < needs.disk)
        text += plain ? "          that is too little\n" : "          that may be too little\n";
    return text;
}

std::string in_words(const StackNeeds &needs, const Model &model, const SegmentOptions &options) {
    const Architecture &net = model.architecture();
    const auto &[program, weights, networks, tiles, bands, reading, held] = needs.plan.memory;
    const int64_t pages = needs.part.pages.count;
    std::string text =
        fmt::format("input     {}: {} slice{} of {} x {}, {}\n", needs.name, pages, pages == 1 ? "" : "s",
                    needs.part.area.width, needs.part.area.height, sample_type_name(needs.images.type));
    if (needs.shard) text += fmt::format("shard     {}\n", shard_words(needs));
    text += fmt::format("network   width {}, depth {}, {} channel{}, {} classes{}\n", net.width, net.depth,
                        net.channels, net.channels == 1 ? "" : "s", net.classes,
                        options.precision == Precision::float16 ? ", images in float16" : "");
    text += fmt::format("tiles     {} of up to {} x {} pixels, {} a slice; {} in flight, {} in the network at a time\n",
                        needs.tiles, needs.tile.width, needs.tile.height, needs.plan.tiles.size() / pages,
                        needs.plan.limits.tiles_in_flight, needs.plan.limits.workspaces);
    if (options.overlap > 0)
        text += fmt::format("          overlapping by {}, averaged by {} weights: not exact, depends on the tile\n",
                            options.overlap, options.blend == BlendForm::mean ? "equal" : "gaussian");
    text += fmt::format("memory    {}: network {}, activations {}, tiles {}, bands {}, reading {}, program {}\n",
                        bytes_text(needs.plan.memory.total()), bytes_text(weights), bytes_text(networks),
                        bytes_text(tiles), bytes_text(bands), bytes_text(reading + held), bytes_text(program));
    if (const SegmentDeviceMemory &device = needs.plan.device; device.total())
        text += fmt::format("device    about {} of {}{}: network {}, activations {}; {}\n", bytes_text(device.total()),
                            bytes_text(device.most), devices_in_use().size() > 1 ? " of each" : "",
                            bytes_text(device.weights), bytes_text(device.networks), devices_text());
    text += disk_words(needs, options);
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
                                {"tiles", needs.tiles},
                                {"tiles_in_flight", needs.plan.limits.tiles_in_flight},
                                {"networks", needs.plan.limits.workspaces},
                                {"bands", needs.bands.end - needs.bands.first},
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
    if (needs.plan.device.total()) {
        json["device"] = devices_text();
        json["device_bytes"] = needs.plan.device.total();
        json["device_weights"] = needs.plan.device.weights;
    }
    if (const auto space = free_disk(options.output)) json["free_disk_bytes"] = *space;
    return json;
}

}  // namespace

void run_plan(const SegmentOptions &asked, const std::string &json) {
    SegmentOptions options = asked;
    if (options.output.empty()) options.output = "output.tif";
    const std::vector<std::optional<Shard>> shards = shards_to_do(options);
    std::optional<Ensemble> on_device;
    prepare_on(
        options.device, options.quiet, [&] { prepare_models(on_device, options); }, options.precision);
    const Ensemble &models = *on_device;
    Needs needs(models, options);
    nlohmann::ordered_json results = nlohmann::ordered_json::array();
    std::string text;
    double seconds = 0;
    for (const std::optional<Shard> &shard : shards) {
        const SegmentWork work = work_of(shard, options);
        for (const StackFiles &files : work.stacks) {
            const StackNeeds of_stack = needs.of(files, work.shard);
            if (!text.empty()) text += '\n';
            text += in_words(of_stack, models.first(), options);
            seconds += of_stack.seconds;
            results.push_back(as_json(of_stack, options));
        }
    }
    const char *what = shards.front() && !is_folder(options.output) ? "shards" : "files";
    if (results.size() > 1)
        text += fmt::format("\nall {} {}: about {}\n", results.size(), what, duration_text(seconds));
    if (results.empty()) text = "nothing to do: there are fewer files than shards\n";
    if (json != "-") fmt::print("{}", text);
    if (!json.empty()) write_text(json, results.dump(2) + "\n");
}

}  // namespace unet
