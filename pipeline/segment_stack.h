// One stack, segmented: the segment graph with its real stages.
#pragma once
#include "pipeline/blend.h"
#include "pipeline/encode.h"
#include "pipeline/segment.h"
#include "pipeline/timings.h"
#include "src/base/normalisation.h"
#include "src/net/prepared_weights.h"
#include "src/stack/stack_reader.h"
#include "src/stack/stack_writer.h"
#include <functional>
#include <vector>

namespace unet {

/// A trained network; refers to things that must outlive it.
struct Network {
    const PreparedWeights *weights;
    const Normalisation *normalisation;
};

/// What is segmented, with what, into what. Refers to things that must outlive it.
struct SegmentJob {
    std::string name;  ///< of the images, for messages
    StackShape shape;
    std::function<Pixels(int page, Rect region)> read;  ///< a region inside the page; called from several threads
    std::vector<Network> networks;                      ///< of one architecture; their probabilities are averaged
    RegionPlan plan;
    std::vector<OutputKind> outputs;
    SegmentLimits limits;
    Timings &timings;
    BlendForm blend = BlendForm::mean;  ///< of tiles that overlap
    bool d4 = false;                    ///< the mean of all turned and mirrored views; not where tiles overlap
};

/// Tiles of the network `architecture` over a part of `images`; of its bands only those of `bands`.
RegionPlan plan_region(const StackShape &images, const Architecture &architecture, int tile, PageRange pages, Rect area,
                       std::optional<BandRange> bands = {});

/// The largest network input up to `tile` whose output is whole cells: what a TilePlan makes of it on a large page.
int largest_tile(const Architecture &architecture, int tile);

/// Streams the job's tiles through the network. `sink` gets the finished bands of output number `output`, in order, one
/// at a time; `tile_done` is called after every tile. Throws what reading, the network and `sink` throw;
/// Error(interrupted) after a stop signal.
void segment_stack(const SegmentJob &job, const std::function<void(size_t output, const Band &)> &sink,
                   const std::function<void()> &tile_done);

}  // namespace unet
