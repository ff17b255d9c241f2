#include "pipeline/label.h"
#include "pipeline/probability.h"
#include "pipeline/progress.h"
#include "pipeline/stack_files.h"
#include "pipeline/stop.h"
#include "src/base/error.h"
#include "src/base/paths.h"
#include "src/stack/stack_writer.h"
#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <limits>

namespace unet {

namespace {

uint32_t count_of(const Ids &objects) { return *std::max_element(objects.values.begin(), objects.values.end()); }

template<class T>
void append_page(StackWriter &writer, const Ids &objects, uint32_t before, int page) {
    const size_t row_bytes = size_t(objects.width) * sizeof(T);
    for (int y = 0; y < objects.height; y += band_rows) {
        Band band{page, y, std::min(band_rows, objects.height - y), {}};
        band.bytes.resize(size_t(band.rows) * row_bytes);
        for (int r = 0; r < band.rows; r++)
            for (int x = 0; x < objects.width; x++) {
                const uint32_t id = objects(x, y + r);
                const T number = T(id ? before + id : 0);
                std::memcpy(&band.bytes[size_t(r) * row_bytes + size_t(x) * sizeof(T)], &number, sizeof(T));
            }
        writer.append(band);
    }
}

// Each slice is labelled twice: first its objects are only counted, so that their type is known.
uint64_t label_stack(const StackFiles &stack, const LabelOptions &options, Progress &progress) {
    const LazyStack input(stack.inputs);
    const int pages = input.shape().pages;
    const auto objects_of = [&](int page) {
        throw_if_stopped();
        progress.advance();
        return instances(probability_of(input, page, options.foreground), options.instances);
    };

    uint64_t count = 0;
    for (int page = 0; page < pages; page++) count += count_of(objects_of(page));
    if (count > std::numeric_limits<uint32_t>::max())
        throw Error(Exit::data, fmt::format("{}: {} objects are more than 32 bits can number; raise --min-size",
                                            input.name(), count));
    StackShape shape = input.shape();
    shape.samples = 1;
    shape.type = count <= std::numeric_limits<uint16_t>::max() ? SampleType::u16 : SampleType::u32;
    StackWriter writer(stack.outputs.front(), shape);
    uint32_t before = 0;
    for (int page = 0; page < pages; page++) {
        const Ids objects = objects_of(page);
        if (shape.type == SampleType::u16) append_page<uint16_t>(writer, objects, before, page);
        else append_page<uint32_t>(writer, objects, before, page);
        before += count_of(objects);
    }
    writer.finish();
    return count;
}

int64_t pages_of(const std::vector<StackFiles> &plan) {
    int64_t pages = 0;
    for (const StackFiles &stack : plan) pages += LazyStack(stack.inputs).shape().pages;
    return pages;
}

}  // namespace

void run_label(const LabelOptions &options) {
    answer_signals();
    const std::vector<StackFiles> plan = plan_files({expand_paths(options.inputs)}, options.output, {"objects"});
    prepare_outputs(plan, options.overwrite);
    Progress progress("label", 2 * pages_of(plan), "slices", progress_style(options.quiet));
    uint64_t count = 0;
    for (const StackFiles &stack : plan) count += label_stack(stack, options, progress);
    progress.say(fmt::format("{} objects", count));
    for (const StackFiles &stack : plan) fmt::print("{}\n", stack.outputs.front().string());
}

}  // namespace unet
