#include "pipeline/train_graph.h"
#include "pipeline/stop.h"
#include <memory>
#include <tbb/flow_graph.h>

namespace unet {

namespace flow = tbb::flow;

namespace {

struct NumberedSample {
    uint64_t index;
    Sample sample;
};
using SamplePtr = std::shared_ptr<NumberedSample>;

}  // namespace

void stream_samples(uint64_t first, uint64_t last, const TrainStages &stages, int samples_in_flight) {
    const auto next_index = [i = first, last](tbb::flow_control &end) mutable {
        if (i < last) return i++;
        end.stop();
        return uint64_t(0);
    };
    const auto draw_sample = [&](uint64_t index) {
        return std::make_shared<NumberedSample>(NumberedSample{index, stages.draw(index)});
    };
    const auto sample_order = [first](const SamplePtr &sample) { return size_t(sample->index - first); };
    const auto use_sample = [&](const SamplePtr &sample) {
        throw_if_stopped();
        stages.use(sample->index, sample->sample);
        return flow::continue_msg{};
    };

    flow::graph graph;
    flow::input_node<uint64_t> indices(graph, next_index);
    flow::limiter_node<uint64_t> admit(graph, samples_in_flight);
    flow::function_node<uint64_t, SamplePtr> draw(graph, flow::unlimited, draw_sample);
    flow::sequencer_node<SamplePtr> order(graph, sample_order);
    flow::function_node<SamplePtr, flow::continue_msg> use(graph, flow::serial, use_sample);

    flow::make_edge(indices, admit);
    flow::make_edge(admit, draw);
    flow::make_edge(draw, order);
    flow::make_edge(order, use);
    flow::make_edge(use, admit.decrementer());  // one sample used lets one more be drawn
    indices.activate();
    graph.wait_for_all();
}

}  // namespace unet
