#include "pipeline/segment.h"
#include "pipeline/stop.h"
#include <algorithm>
#include <tbb/flow_graph.h>

namespace unet {

namespace flow = tbb::flow;

SegmentLimits segment_limits(int threads, int tiles_in_flight) {
    return limits_of(std::max(1, threads / 2), tiles_in_flight);
}

SegmentLimits limits_of(int networks, int tiles_in_flight) {
    const int in_flight = tiles_in_flight > 0 ? tiles_in_flight : 2 * networks + 2;
    return {in_flight, std::min(networks, in_flight)};
}

void stream_tiles(const RegionPlan &plan, const SegmentStages &stages, const SegmentLimits &limits) {
    int64_t next = 0;
    const auto next_spot = [&](tbb::flow_control &end) {
        if (next < plan.size() && !stop_requested()) return plan[next++];
        end.stop();
        return TileSpot{};
    };
    // After a stop signal no tile enters the network; those in it are finished and stored, up to the first that is not.
    const auto infer_tile = [&](const TilePtr &tile) {
        tile->given_up = stop_requested();
        if (!tile->given_up) stages.infer(*tile);
        return tile;
    };
    const auto plan_order = [](const TilePtr &tile) { return size_t(tile->spot.index); };
    bool stopped = false;
    const auto store_tile = [&](const TilePtr &tile) {
        stopped = stopped || tile->given_up;
        if (!stopped) stages.store(*tile);
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
    if (stopped || next < plan.size()) throw_if_stopped();
}

}  // namespace unet
