#include "pipeline/synth.h"
#include "generated/version.h"
#include "pipeline/progress.h"
#include "pipeline/stop.h"
#include "pipeline/threads.h"
#include "src/base/error.h"
#include "src/sample/synth_cells.h"
#include "src/sample/synth_membranes.h"
#include "src/stack/stack_writer.h"
#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <iostream>
#include <tbb/parallel_for.h>

namespace unet {

namespace fs = std::filesystem;

namespace {

constexpr int largest_size = 4096;             // a slice in the making takes about 60 bytes a pixel: 1 GB
constexpr int64_t pixels_at_a_time = 1 << 24;  // so that any number of threads stays within that too

/// What the kinds differ in.
struct SynthKind {
    SynthSlice (*make)(uint64_t seed, int size, int slice);
    SampleType label_type;
    VoxelSize voxel;
};

SynthKind find_kind(const std::string &name) {
    if (name == "membranes") return {synth_membranes, SampleType::u8, {4, 4, 50, "nm"}};
    if (name == "cells") return {synth_cells, SampleType::u16, {0.65, 0.65, 0, "µm"}};
    throw Error(Exit::usage, "--kind " + name + ": is unknown; choose membranes or cells");
}

void check(const SynthOptions &options) {
    if (options.output.empty()) throw Error(Exit::usage, "--output: is missing; name a folder");
    if (options.size < 1 || options.size > largest_size)
        throw Error(Exit::usage, fmt::format("--size {}: must be 1 to {}", options.size, largest_size));
    if (options.slices < 1) throw Error(Exit::usage, fmt::format("--slices {}: must be at least 1", options.slices));
}

/// The folder, made, with neither output in it.
fs::path prepare_folder(const SynthOptions &options) {
    const fs::path folder = options.output;
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure) throw Error(Exit::cannot_create, folder.string() + ": cannot be made: " + failure.message());
    for (const char *name : {"images.tif", "labels.tif"})
        if (fs::exists(folder / name) && !options.overwrite)
            throw Error(Exit::cannot_create, (folder / name).string() + ": exists; add --overwrite to replace it");
    return folder;
}

/// Appends a whole page, its values stored as `Stored`.
template<class Stored, class T>
void append_page(StackWriter &writer, int page, const Array<T> &pixels) {
    for (int y = 0; y < pixels.height; y += band_rows) {
        const int rows = std::min(band_rows, pixels.height - y);
        const std::vector<Stored> values(pixels.row(y), pixels.row(y) + size_t(rows) * pixels.width);
        Band band{page, y, rows, std::vector<uint8_t>(values.size() * sizeof(Stored))};
        std::memcpy(band.bytes.data(), values.data(), band.bytes.size());
        writer.append(band);
    }
}

void append_labels(StackWriter &writer, int page, const Ids &labels, SampleType type) {
    type == SampleType::u8 ? append_page<uint8_t>(writer, page, labels) : append_page<uint16_t>(writer, page, labels);
}

}  // namespace

void run_synth(const SynthOptions &options) {
    check(options);
    const SynthKind kind = find_kind(options.kind);
    const fs::path folder = prepare_folder(options);
    const std::map<std::string, std::string> origin = {
        {"unetflow", version}, {"synth", options.kind}, {"seed", std::to_string(options.seed)}};
    StackShape shape{options.size, options.size, 1, options.slices, SampleType::u8, kind.voxel};
    StackWriter images(folder / "images.tif", shape, origin);
    shape.type = kind.label_type;
    StackWriter labels(folder / "labels.tif", shape, origin);

    Progress progress("synth", options.slices, "slices", progress_style(options.quiet));
    const int64_t page_pixels = int64_t(options.size) * options.size;
    const int at_a_time = int(std::clamp<int64_t>(pixels_at_a_time / page_pixels, 1, arena_threads()));
    for (int first = 0; first < options.slices; first += at_a_time) {
        throw_if_stopped();
        std::vector<SynthSlice> slices(std::min(at_a_time, options.slices - first));
        tbb::parallel_for(size_t(0), slices.size(),
                          [&](size_t i) { slices[i] = kind.make(options.seed, options.size, first + int(i)); });
        for (size_t i = 0; i < slices.size(); i++) {
            append_page<uint8_t>(images, first + int(i), slices[i].image);
            append_labels(labels, first + int(i), slices[i].labels, kind.label_type);
            progress.advance();
        }
    }
    images.finish();
    labels.finish();
    std::cout << (folder / "images.tif").string() << "\n" << (folder / "labels.tif").string() << "\n";
}

}  // namespace unet
