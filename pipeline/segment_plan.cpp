#include "pipeline/segment_plan.h"
#include "pipeline/bytes_text.h"
#include "pipeline/threads.h"
#include "pipeline/views.h"
#include "src/base/error.h"
#include "src/kernels/kernels.h"
#include "src/net/memory.h"
#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <limits>
#include <string>

namespace unet {

namespace {

constexpr uint64_t MB = 1000000;

// Multiplications and additions of the definition that one thread does in about 2.5 s: 200 billion a second on Zen 3,
// 460 on Zen 5.
constexpr double longest_tile = 5e11;
// Tiles that overlap keep their size, since the result depends on it; nor may it depend on the number of threads. The
// default tile of a network of width 64 is just allowed: 3 s of two threads on Zen 3.
constexpr double longest_overlapping_tile = 2.5 * longest_tile;

// Of rows of tiles that are wider than this, blocks are decoded again for each tile.
constexpr uint64_t most_held = 1000 * MB;

/// One way to do it.
struct Choice {
    TilePlan page;
    SegmentLimits limits;
    SegmentMemory memory;
    SegmentDeviceMemory device;
    bool fits_device;
    double speed;
};

constexpr int most_networks_of_device = 3;  // one computes, one takes in an image, one gives out a result

class Chooser {
public:
    Chooser(const ImageStack &images, const Architecture &architecture, const ChosenPart &part,
            const SegmentOptions &options)
        : images_(images), shape_(images.shape()), architecture_(architecture), geometry_(geometry(architecture)),
          part_(part), options_(options), threads_(arena_threads()) {}

    /// The fastest of those that need no more than `most` bytes; the one that needs least when none does. Throws
    /// DeviceFull when none fits into a device's memory.
    Choice best(uint64_t most) const {
        std::optional<Choice> best, least;
        uint64_t least_of_device = std::numeric_limits<uint64_t>::max();
        for (const int tile : tile_sizes())
            for (const int networks : network_counts()) {
                const Choice choice = make(tile, networks);
                least_of_device = std::min(least_of_device, choice.device.total());
                if (!choice.fits_device) continue;
                if (!least || choice.memory.total() < least->memory.total()) least = choice;
                if (choice.memory.total() <= most && (!best || choice.speed > best->speed)) best = choice;
            }
        if (!least)
            throw DeviceFull(fmt::format("--device: {} of a device's memory are needed for {} with this model, and {} "
                                         "may be taken; take a smaller --tile, or compute on the CPU",
                                         bytes_text(least_of_device), images_.name(), bytes_text(device_memory())));
        return best ? *best : *least;
    }

private:
    /// Beside each other, each that is worth a try.
    std::vector<int> network_counts() const {
        std::vector<int> counts;
        if (const int devices = int(devices_in_use().size()))
            for (int each = most_networks_of_device; each > 0; each--) counts.push_back(each * devices);
        else
            for (int networks = std::max(1, threads_ / 2); networks > 0; networks /= 2) counts.push_back(networks);
        return counts;
    }

    /// Of each device, that may be taken.
    uint64_t device_memory() const {
        if (options_.most_device_memory) return options_.most_device_memory;
        uint64_t least = std::numeric_limits<uint64_t>::max();
        for (const Device *device : devices_in_use()) least = std::min(least, device->info().memory / 10 * 9);
        return least;
    }

    TilePlan page_plan(int tile) const {
        return {shape_.width, shape_.height, shape_.pages, tile, geometry_, options_.overlap};
    }

    /// One cell, two cells, ... as far as they differ on this page and are not too much work; the first is always
    /// there.
    std::vector<int> tile_sizes() const {
        if (options_.overlap > 0) return {options_.tile};
        std::vector<int> sizes;
        for (int64_t cells = 1;; cells++) {
            const int64_t tile = geometry_.input_for(cells * geometry_.pitch);
            const Size read = page_plan(int(std::min<int64_t>(tile, options_.tile))).largest_read();
            const double passes = double(options_.models.size()) * (options_.d4 ? 8 : 1);
            const bool too_large =
                tile > options_.tile ||
                2 * passes * UNet::inference_multiply_adds(architecture_, read) > longest_tile * std::min(2, threads_);
            if (!sizes.empty() && too_large) return sizes;
            sizes.push_back(int(tile));
            if (cells * geometry_.pitch >= std::max(shape_.width, shape_.height) || too_large) return sizes;
        }
    }

    Choice make(int tile, int networks) const {
        const TilePlan page = page_plan(tile);
        const SegmentLimits limits = limits_of(networks, options_.tiles_in_flight);
        const Size read =
            options_.d4 ? Views::largest_window(geometry_, page.page(), page.span()) : page.largest_read();
        const double write = double(std::min(page.span(), shape_.width)) * std::min(page.span(), shape_.height);
        // On devices a second network hides copies behind what the first computes; how much that gives was not
        // measured. Of a network's time a twentieth is lost for each doubling of the threads that share it
        // (docs/performance.md).
        const double shared = std::log2(double(threads_) / limits.workspaces);
        const double used = on_devices() ? 1 - 0.2 / std::pow(4, networks_of_device(limits) - 1) : 1 - 0.05 * shared;
        const SegmentDeviceMemory device = device_memory(read, limits);
        return {page,
                limits,
                memory(page, read, limits),
                device,
                device.total() <= device.most && fits_in_blocks(read),
                write / (double(read.width) * read.height) * used};
    }

    bool on_devices() const { return !devices_in_use().empty(); }
    int networks_of_device(const SegmentLimits &limits) const {
        const int devices = std::max(1, int(devices_in_use().size()));
        return (limits.workspaces + devices - 1) / devices;
    }

    SegmentDeviceMemory device_memory(Size read, const SegmentLimits &limits) const {
        if (!on_devices()) return {};
        return {options_.models.size() * inference_weight_bytes(architecture_),
                uint64_t(networks_of_device(limits)) * device_network_bytes(architecture_, read), device_memory()};
    }

    /// A network's activations are one block of a device, whose driver may limit these.
    bool fits_in_blocks(Size read) const {
        uint64_t least = std::numeric_limits<uint64_t>::max();
        for (const Device *device : devices_in_use()) least = std::min(least, device->info().largest_block);
        return !on_devices() || UNet::planned_bytes(architecture_, read, UNet::Use::inference) <= least;
    }

    SegmentMemory memory(const TilePlan &page, Size read, const SegmentLimits &limits) const {
        const uint64_t read_pixels = uint64_t(read.width) * read.height, planes = uint64_t(architecture_.classes);
        const uint64_t write_pixels = uint64_t(page.span()) * page.span();
        uint64_t sample_bytes = 0;  // of a pixel in all outputs
        for (const OutputKind &kind : options_.kinds())
            sample_bytes += uint64_t(kind.planes(architecture_.classes)) * uint64_t(kind.sample_bytes());

        SegmentMemory memory;
        // Where pages are, in files that are read and written, and where tiles of a page are.
        memory.program = 26 * MB + temporary_bytes(architecture_, threads_) + images_.index_bytes() +
                         80 * uint64_t(shape_.pages) + 24 * page.tiles_per_page();
        const uint64_t models = options_.models.size();
        memory.weights = models * inference_weight_bytes(architecture_);
        const uint64_t activations = on_devices() ? 0 : UNet::planned_bytes(architecture_, read, UNet::Use::inference);
        memory.networks = limits.workspaces * (activations + read_pixels * planes * sizeof(float));
        if (models > 1 || options_.d4)  // images and answers, beside the sum
            memory.networks += limits.workspaces * read_pixels * ((models > 1) + 2 * options_.d4) *
                               (planes + uint64_t(architecture_.channels)) * sizeof(float);
        // An image is there twice, as it is read and as it is mirrored.
        // Tiles that overlap are shares of probabilities, and encoded one at a time.
        const bool overlapping = page.overlap() > 0;
        const uint64_t image_pixels =  // of all views at once: they begin and end up to a cell further
            options_.d4 ? uint64_t(read.width + geometry_.pitch) * (read.height + geometry_.pitch) : read_pixels;
        const uint64_t result_bytes = write_pixels * (overlapping ? planes * sizeof(float) : sample_bytes);
        memory.tiles = limits.tiles_in_flight *
                           (2 * image_pixels * uint64_t(architecture_.channels) * sizeof(float) + result_bytes) +
                       (overlapping ? write_pixels * sample_bytes : 0);
        // The bands that a row of tiles meets, and one that is compressed, which at worst makes it larger.
        const uint64_t band_bytes = uint64_t(part_.area.width + band_rows) * band_rows * sample_bytes;
        const uint64_t open = uint64_t((page.span() - 1) / band_rows) + 2;
        memory.bands = (open + 3) * band_bytes + Blend::kept_bytes(page, part_.area.width, architecture_.classes);
        memory.reading = (images_.decoding_bytes() + read_pixels * uint64_t(images_.samples_beside()) * sizeof(float)) *
                         uint64_t(threads_);
        // A row of tiles, so that none is decoded twice but for the margin between rows.
        const int margin = 2 * geometry_.margin;
        memory.held = images_.block_bytes({std::min(part_.area.width + margin, shape_.width), read.height});
        if (memory.held > most_held) memory.held = 0, memory.reading *= 16;  // what open files keep
        return memory;
    }

    const ImageStack &images_;
    const StackShape &shape_;
    const Architecture &architecture_;
    TileGeometry geometry_;
    const ChosenPart &part_;
    const SegmentOptions &options_;
    int threads_;
};

/// Whether tiles can overlap so, and are better for it.
void check_overlap(const Architecture &architecture, const SegmentOptions &options) {
    if (options.overlap == 0) return;
    const TileGeometry net = geometry(architecture);
    const int tile = net.largest_input(options.tile), output = net.output_of(tile), most = std::max(0, output / 2);
    if (options.overlap > most)
        throw Error(Exit::usage, fmt::format("--overlap {}: must be {} at most, half of the {} pixels that tiles of {} "
                                             "give; name a larger --tile for more",
                                             options.overlap, most, output, tile));
    if ((output - options.overlap) % net.step == 0)
        throw Error(Exit::usage, fmt::format("--overlap {}: tiles of {} would begin {} pixels apart, a multiple of the "
                                             "{} that the network pools, and agree where they overlap; name another",
                                             options.overlap, tile, output - options.overlap, net.step));
}

/// Tiles that overlap do not become smaller by themselves.
void check_tile_fits(const Choice &choice, uint64_t most, const Architecture &architecture,
                     const SegmentOptions &options, const std::string &name) {
    const Size read = choice.page.largest_read();
    if (2 * UNet::inference_multiply_adds(architecture, read) > longest_overlapping_tile)
        throw Error(Exit::usage,
                    fmt::format("--tile {}: with --overlap tiles stay as large as they are named, and one of "
                                "these takes too long to be interrupted; name a smaller --tile",
                                options.tile));
    if (choice.memory.total() > most)
        throw Error(
            Exit::usage,
            fmt::format("--tile {}: with --overlap tiles stay as large as they are named, and {} are needed for "
                        "{} where {} may be taken; name a smaller --tile",
                        options.tile, bytes_text(choice.memory.total()), name, bytes_text(most)));
}

/// "key:   1234 kB" of /proc/meminfo.
std::optional<uint64_t> meminfo(const std::string &key) {
    std::ifstream file("/proc/meminfo");
    for (std::string word; file >> word;)
        if (uint64_t kilobytes = 0; word == key + ":" && file >> kilobytes) return kilobytes * 1024;
    return {};
}

std::optional<uint64_t> number_in(const std::string &path) {
    std::ifstream file(path);
    uint64_t value = 0;
    if (!(file >> value)) return {};  // "max" too
    return value;
}

/// What a cgroup of version 2 or 1 and those above it leave; `root` is where its hierarchy is mounted.
uint64_t left_by_cgroup(const std::string &root, std::filesystem::path group) {
    uint64_t least = std::numeric_limits<uint64_t>::max();
    for (;; group = group.parent_path()) {
        const std::string folder = root + group.string() + "/memory.";
        for (const auto &[limit, used] : {std::pair("max", "current"), std::pair("limit_in_bytes", "usage_in_bytes")})
            if (const auto bytes = number_in(folder + limit))
                least = std::min(least, *bytes - std::min(*bytes, number_in(folder + used).value_or(0)));
        if (!group.has_relative_path()) return least;
    }
}

}  // namespace

uint64_t available_memory() {
    uint64_t most = meminfo("MemAvailable").value_or(std::numeric_limits<uint64_t>::max());
    // "0::/group" of version 2, "4:memory:/group" of version 1
    std::ifstream groups("/proc/self/cgroup");
    for (std::string line; std::getline(groups, line);) {
        const size_t first = line.find(':'), second = line.find(':', first + 1);
        if (second == std::string::npos) continue;
        const std::string controllers = line.substr(first + 1, second - first - 1), group = line.substr(second + 1);
        if (controllers.empty()) most = std::min(most, left_by_cgroup("/sys/fs/cgroup", group));
        if (controllers.find("memory") != std::string::npos)
            most = std::min(most, left_by_cgroup("/sys/fs/cgroup/memory", group));
    }
    return most;
}

SegmentPlan plan_segment(const ImageStack &images, const Architecture &architecture, const ChosenPart &part,
                         const SegmentOptions &options) {
    if (options.d4 && options.overlap > 0)
        throw Error(Exit::usage, "--tta: not together with --overlap; views are averaged without it");
    check_overlap(architecture, options);
    // A fifth is left for others, and for pages of files that the system keeps.
    const uint64_t most = options.most_memory ? options.most_memory : available_memory() / 5 * 4;
    const Choice choice = Chooser(images, architecture, part, options).best(most);
    if (options.overlap > 0) check_tile_fits(choice, most, architecture, options, images.name());
    if (options.most_memory && choice.memory.total() > most)
        throw Error(Exit::usage, fmt::format("--max-ram: at least {} are needed for {} with this model",
                                             bytes_text(choice.memory.total()), images.name()));
    return {RegionPlan(choice.page, part.pages, part.area), choice.limits, choice.memory, choice.device};
}

}  // namespace unet
