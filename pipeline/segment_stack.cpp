#include "pipeline/segment_stack.h"
#include "pipeline/stitch.h"
#include "pipeline/views.h"
#include "pipeline/workspaces.h"
#include "src/base/error.h"
#include "src/sample/page_normaliser.h"
#include "src/tile/mirror_pad.h"
#include <algorithm>
#include <cmath>
#include <functional>

namespace unet {

namespace {

// A ReLU can hide a NaN, so both ends of the network are looked at.
void check_finite(const Pixels &values, const SegmentJob &job, const TileSpot &spot) {
    if (!std::all_of(values.values.begin(), values.values.end(), [](float p) { return std::isfinite(p); }))
        throw Error(Exit::data, job.name + " slice " + std::to_string(spot.page) +
                                    ": gray values are too far from those of the training images to compute with");
}

void encode_tile(const SegmentJob &job, const Pixels &probabilities, Rect part, Tile &tile) {
    for (const OutputKind &kind : job.outputs) tile.outputs.push_back(encode(probabilities, part, kind));
}

using Normalisers = std::vector<std::unique_ptr<PageNormaliser>>;  // of each network

void normalise(const SegmentJob &job, PageNormaliser &normaliser, const TileSpot &spot, Pixels &image) {
    normaliser.apply(spot.page, image);
    check_finite(image, job, spot);
}

// Several networks each normalise an image of their own.
TilePtr read_tile(const SegmentJob &job, const Normalisers &normalisers, const Views &views, TileSpot spot) {
    if (!views.one()) spot.read = views.read(spot.write);
    const auto [width, height] = std::pair(job.shape.width, job.shape.height);
    const Rect source = mirror_source(spot.read, width, height);
    auto tile = std::make_shared<Tile>(Tile{.spot = spot, .image = {}, .outputs = {}});
    tile->image = mirror_pad(job.read(spot.page, source), source, spot.read, width, height);
    if (normalisers.size() == 1) normalise(job, *normalisers[0], spot, tile->image);
    return tile;
}

Pixels probabilities_of(const SegmentJob &job, UNet &net, const Network &network, const Pixels &image) {
    Pixels probabilities = job.timings.measure(Stage::network, [&] { return net.segment(*network.weights, image); });
    for (const LayerTime &layer : net.layer_times()) job.timings.add(Stage::kernels, layer.seconds);
    return probabilities;
}

// Answers, added up in the order they come.
class Mean {
public:
    void add(Pixels answer) {
        if (count_++ == 0) sum_ = std::move(answer);
        else
            std::transform(sum_.values.begin(), sum_.values.end(), answer.values.begin(), sum_.values.begin(),
                           std::plus());
    }
    Pixels take() {
        if (count_ > 1)
            for (float &value : sum_.values) value *= 1 / float(count_);
        return std::move(sum_);
    }

private:
    Pixels sum_;
    int count_ = 0;
};

// Of all networks.
Pixels mean_probabilities(const SegmentJob &job, UNet &net, const Normalisers &normalisers, const TileSpot &spot,
                          const Pixels &image) {
    if (job.networks.size() == 1) return probabilities_of(job, net, job.networks[0], image);
    Mean mean;
    for (size_t i = 0; i < job.networks.size(); i++) {
        Pixels own = image;
        normalise(job, *normalisers[i], spot, own);
        mean.add(probabilities_of(job, net, job.networks[i], own));
    }
    return mean.take();
}

// Of all views: [classes, write.width, write.height].
Pixels mean_of_views(const SegmentJob &job, UNet &net, const Normalisers &normalisers, const Views &views,
                     const Tile &tile) {
    Mean mean;
    for (const Frame &frame : views.frames()) {
        const Rect window = views.window(frame, tile.spot.write);
        const Pixels image = views.seen(frame, window, tile.image, tile.spot.read);
        const Pixels probabilities = mean_probabilities(job, net, normalisers, tile.spot, image);
        mean.add(views.answer(frame, window, probabilities, tile.spot.write));
    }
    return mean.take();
}

// Where tiles overlap, what they give can be encoded only when it is averaged.
void infer_tile(const SegmentJob &job, UNet &net, const Normalisers &normalisers, const Views &views,
                const std::optional<Blend> &blend, Tile &tile) {
    const Pixels probabilities = views.one() ? mean_probabilities(job, net, normalisers, tile.spot, tile.image)
                                             : mean_of_views(job, net, normalisers, views, tile);
    check_finite(probabilities, job, tile.spot);
    tile.image = {};
    const TileSpot &spot = tile.spot;
    const int margin = (spot.read.width - probabilities.width) / 2;
    const Rect part = views.one() ? Rect{spot.cover.x - spot.read.x - margin, spot.cover.y - spot.read.y - margin,
                                         spot.cover.width, spot.cover.height}
                                  : Rect{0, 0, spot.write.width, spot.write.height};
    job.timings.measure(Stage::encode, [&] {
        if (blend) tile.share = blend->weigh(spot, probabilities, part);
        else encode_tile(job, probabilities, part, tile);
    });
}

void blend_tile(const SegmentJob &job, Blend &blend, Tile &tile) {
    job.timings.measure(Stage::encode, [&] {
        blend.add(tile.spot, tile.share);
        encode_tile(job, tile.share, {0, 0, tile.spot.write.width, tile.spot.write.height}, tile);
    });
    tile.share = {};
}

}  // namespace

RegionPlan plan_region(const StackShape &images, const Architecture &architecture, int tile, PageRange pages, Rect area,
                       std::optional<BandRange> bands) {
    return {TilePlan(images.width, images.height, images.pages, tile, geometry(architecture)), pages, area, bands};
}

int largest_tile(const Architecture &architecture, int tile) {
    const int huge_page = 1 << 24;
    return TilePlan(huge_page, huge_page, 1, tile, geometry(architecture)).largest_read().width;
}

void segment_stack(const SegmentJob &job, const std::function<void(size_t output, const Band &)> &sink,
                   const std::function<void()> &tile_done) {
    const Architecture &architecture = job.networks.front().weights->parameters().architecture();
    const int classes = architecture.classes;
    const TileGeometry grid = geometry(architecture);
    const TilePlan &tiles = job.plan.tiles();
    const Views views(frames_of(job.d4), tiles.page(), grid);
    Workspaces workspaces(architecture,
                          views.one() ? tiles.largest_read() : Views::largest_window(grid, tiles.page(), tiles.span()));
    std::vector<Stitch> stitches;
    for (const OutputKind &kind : job.outputs)
        stitches.emplace_back(job.plan, kind.planes(classes), kind.sample_bytes());
    std::optional<Blend> blend;
    if (job.plan.tiles().overlap() > 0) blend.emplace(job.plan, job.blend, classes);

    Normalisers normalisers;
    for (const Network &network : job.networks)
        normalisers.push_back(std::make_unique<PageNormaliser>(*network.normalisation, job.shape, job.read));
    SegmentStages stages;
    stages.read = [&](const TileSpot &spot) {
        return job.timings.measure(Stage::read, [&] { return read_tile(job, normalisers, views, spot); });
    };
    stages.infer = [&](Tile &tile) {
        workspaces.borrow([&](UNet &net) { infer_tile(job, net, normalisers, views, blend, tile); });
    };
    stages.store = [&](Tile &tile) {
        if (blend) blend_tile(job, *blend, tile);
        job.timings.measure(Stage::write, [&] {
            for (size_t i = 0; i < stitches.size(); i++)
                for (const Band &band : stitches[i].place(tile.spot, tile.outputs[i])) sink(i, band);
        });
        tile_done();
    };
    stream_tiles(job.plan, stages, job.limits);
}

}  // namespace unet
