#include "pipeline/verify.h"
#include "pipeline/chosen_part.h"
#include "pipeline/progress.h"
#include "pipeline/segment_stack.h"
#include "pipeline/stop.h"
#include "pipeline/threads.h"
#include "src/base/error.h"
#include "src/base/paths.h"
#include "src/net/geometry.h"
#include "src/sample/windows.h"
#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace unet {

namespace {

constexpr int usual_side = 1152;

/// The crop, taken as an image of its own.
class Crop {
public:
    Crop(const VerifyOptions &options, const Ensemble &models)
        : images_(images_of(plan_files(expand_lists(options.inputs), "one stack", {"classes"}).front(), options.images,
                            models.first())),
          models_(models), area_(middle_of(images_.shape(), square(usual_side))) {
        check_channels(images_, models.first(), models.name());
        const int pages = images_.shape().pages;
        slice_ = options.slice < 0 ? pages / 2 : options.slice;
        if (slice_ >= pages)
            throw Error(Exit::usage,
                        fmt::format("--slice {}: {} has slices 0 to {}", slice_, images_.name(), pages - 1));
        SegmentOptions part;
        part.area = options.area;
        if (part.area) area_ = ChosenPart(images_, part).area;
    }

    const Rect &area() const { return area_; }
    int slice() const { return slice_; }
    const std::string &name() const { return images_.name(); }

    /// The probabilities, byte by byte, computed in tiles of up to `tile` pixels.
    std::vector<uint8_t> segment(int tile, int threads) const {
        std::vector<uint8_t> result;
        with_threads(threads, [&] {
            Timings timings(Timings::Clock::now());
            StackShape shape = images_.shape();
            shape.width = area_.width, shape.height = area_.height, shape.pages = 1;
            const SegmentJob job{
                images_.name(),
                shape,
                [&](int, Rect region) {
                    region.x += area_.x, region.y += area_.y;
                    return images_.read(slice_, region);
                },
                models_.networks(),
                plan_region(shape, models_.first().architecture(), tile, {0, 1}, {0, 0, shape.width, shape.height}),
                {{true, SampleType::f32}},
                segment_limits(threads),
                timings};
            segment_stack(
                job,
                [&](size_t, const Band &band) { result.insert(result.end(), band.bytes.begin(), band.bytes.end()); },
                [] {});
        });
        return result;
    }

    /// Pixels of which any class has another probability.
    int64_t differing(const std::vector<uint8_t> &a, const std::vector<uint8_t> &b) const {
        const int planes = models_.first().architecture().classes;
        int64_t count = 0;
        size_t band = 0;
        for (int y = 0; y < area_.height; y += band_rows) {
            const size_t pixels = size_t(std::min(band_rows, area_.height - y)) * area_.width;
            for (size_t i = 0; i < pixels; i++) {
                bool equal = true;
                for (int plane = 0; plane < planes; plane++) {
                    const size_t at = (band + plane * pixels + i) * sizeof(float);
                    equal = equal && std::memcmp(&a[at], &b[at], sizeof(float)) == 0;
                }
                count += !equal;
            }
            band += pixels * planes;
        }
        return count;
    }

private:
    ImageStack images_;
    const Ensemble &models_;
    Rect area_;
    int slice_ = 0;
};

/// Tiles of one, two and three cells, of a half and of all cells but one, as far as they are smaller than the crop.
std::vector<int> tile_sizes(const Architecture &architecture, const Rect &area) {
    const TileGeometry net = geometry(architecture);
    const int64_t cells = (std::max(area.width, area.height) - 1) / net.pitch + 1;
    std::vector<int64_t> counts{1, 2, 3, cells / 2, cells - 1};
    std::sort(counts.begin(), counts.end());
    counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
    std::vector<int> sizes;
    for (const int64_t count : counts)
        if (count > 0 && count < cells) sizes.push_back(int(net.input_for(count * net.pitch)));
    return sizes;
}

}  // namespace

void run_verify(const VerifyOptions &options) {
    answer_signals();
    const Ensemble models(options.models);
    const Architecture &architecture = models.first().architecture();
    const Crop crop(options, models);
    const Rect &area = crop.area();
    const int threads = arena_threads();
    const TileGeometry net = geometry(architecture);
    const std::vector<int> tiles = tile_sizes(architecture, area);
    fmt::print("{} slice {}, {} x {} pixels from ({}, {})\n", crop.name(), crop.slice(), area.width, area.height,
               area.x, area.y);

    Progress progress("verify", int64_t(tiles.size()) + 2, "ways", progress_style(options.quiet));
    const int whole = int(net.input_for(((std::max(area.width, area.height) - 1) / net.pitch + 1) * net.pitch));
    const std::vector<uint8_t> in_one = crop.segment(whole, threads);
    progress.advance();
    int64_t worst = 0;
    std::string report;
    const auto compare = [&](int tile, int with_threads, const std::string &how) {
        const int64_t count = crop.differing(crop.segment(tile, with_threads), in_one);
        worst = std::max(worst, count);
        report += fmt::format("{:<30} {} pixels differ from one tile of {}\n", how, count, whole);
        progress.advance();
    };
    for (const int tile : tiles) compare(tile, threads, fmt::format("tiles of {}", tile));
    compare(whole, threads == 1 ? 2 : 1,
            fmt::format("one tile, {} thread{}", threads == 1 ? 2 : 1, threads == 1 ? "s" : ""));
    fmt::print("{}", report);
    if (worst > 0)
        throw Error(Exit::internal, "tiles do not give the bytes of the whole; please report this fault, with the "
                                    "processor's name and `unetflow --version`");
}

}  // namespace unet
