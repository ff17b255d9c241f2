#include "pipeline/train_memory.h"
#include "pipeline/collective.h"
#include "pipeline/threads.h"
#include "pipeline/validation.h"
#include "src/kernels/kernels.h"
#include "src/net/memory.h"
#include <algorithm>

namespace unet {

namespace {

constexpr uint64_t MB = 1000000;
constexpr uint64_t mpi_bytes = 60 * MB;  // of Open MPI itself

uint64_t sample_bytes(const Architecture &architecture, int input, int samples_in_flight) {
    const uint64_t pixels = uint64_t(input) * input, output = uint64_t(output_size(architecture, input));
    const uint64_t image = pixels * uint64_t(architecture.channels) * sizeof(float);
    const uint64_t sample = image + output * output * (sizeof(float) + 1);  // weights, labels
    // While it is drawn, its source twice, and label values in several forms, larger than the window by turns and rims.
    const uint64_t drawn = 4 * image + 6 * pixels * sizeof(uint32_t);
    return uint64_t(samples_in_flight) * sample + uint64_t(std::min(samples_in_flight, arena_threads())) * drawn;
}

}  // namespace

TrainMemory train_memory(const TrainOptions &options, const TrainData &data, const Architecture &architecture,
                         int input, int samples_in_flight, int ranks) {
    const UNet::Use use = UNet::training_use(options.memory_saver);
    TrainMemory memory;
    memory.program = 26 * MB + temporary_bytes(architecture, arena_threads());
    if (ranks > 1) memory.program += mpi_bytes + Collective::most_floats * sizeof(float);
    memory.activations = UNet::planned_bytes(architecture, square(input), use);
    const uint64_t of_training =
        training_bytes(architecture, square(input), use, options.optimiser.method, options.batch > 1 ? 2 : 1);
    memory.parameters = of_training - memory.activations;
    if (kernels().on_device()) {
        memory.device = of_training + device_temporary_bytes(architecture, square(input));
        memory.activations = 0;
    }
    memory.samples = sample_bytes(architecture, input, samples_in_flight);
    if (data.split.validation.empty()) return memory;
    const ParameterLayout layout(architecture);
    memory.parameters += layout.size * sizeof(float);
    for (const StackPage &page : data.split.validation)
        memory.validation =
            std::max(memory.validation, validation_bytes(architecture, data.stacks[page.stack].images->shape(),
                                                         data.survey.scheme.kind == LabelKind::instances));
    memory.validation += layout.transformed_size() * sizeof(float);
    return memory;
}

}  // namespace unet
