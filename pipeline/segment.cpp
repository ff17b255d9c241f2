#include "pipeline/segment.h"
#include "pipeline/stop.h"
#include <algorithm>
#include <tbb/flow_graph.h>

namespace unet {

namespace flow = tbb::flow;

SegmentLimits segment_limits(int threads, int tiles_in_flight) {
    const int workspaces = std::max(1, threads / 2);
    const int in_flight = tiles_in_flight > 0 ? tiles_in_flight : 2 * workspaces + 2;
    return {in_flight, std::min(workspaces, in_flight)};
}

void stream_tiles(const RegionPlan &plan, const SegmentStages &stages, const SegmentLimits &limits) {
    const auto next_spot = [&plan, i = int64_t(0)](tbb::flow_control &end) mutable {
        if (i < plan.size()) return plan[i++];
        end.stop();
        return TileSpot{};
    };
    const auto infer_tile = [&](const TilePtr &tile) {
        throw_if_stopped();
        stages.infer(*tile);
        return tile;
    };
    const auto plan_order = [](const TilePtr &tile) { return size_t(tile->spot.index); };
    const auto store_tile = [&](const TilePtr &tile) {
        stages.store(*tile);
        return flow::continue_msg{};
    };

    flow::graph graph;
    flow::input_node<TileSpot> spots(graph, next_spot);
    flow::limiter_node<TileSpot> admit(graph, limits.tiles_in_flight);
    flow::function_node<TileSpot, TilePtr> read(graph, flow::unlimited, stages.read);
    flow::function_node<TilePtr, TilePtr> infer(graph, limits.workspaces, infer_tile);
    flow::sequencer_node<TilePtr> order(graph, plan_order);
    flow::function_node<TilePtr, flow::continue_msg> store(graph, flow::serial, store_tile);

    flow::make_edge(spots, admit);
    flow::make_edge(admit, read);
    flow::make_edge(read, infer);
    flow::make_edge(infer, order);
    flow::make_edge(order, store);
    flow::make_edge(store, admit.decrementer());  // one tile stored lets one more in: memory is bounded
    spots.activate();
    graph.wait_for_all();
}

}  // namespace unet
