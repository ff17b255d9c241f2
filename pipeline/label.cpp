#include "pipeline/label.h"
#include "pipeline/output_path.h"
#include "pipeline/probability.h"
#include "pipeline/progress.h"
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

}  // namespace

void run_label(const LabelOptions &options) {
    answer_signals();
    const auto files = expand_paths(options.inputs);
    check_output(options.output, files);
    if (std::filesystem::exists(options.output) && !options.overwrite)
        throw Error(Exit::cannot_create, options.output + ": exists; add --overwrite to replace it");
    make_folder_of(options.output);
    const LazyStack input(files);
    const int pages = input.shape().pages;
    const auto objects_of = [&](int page) {
        throw_if_stopped();
        return instances(probability_of(input, page, options.foreground), options.instances);
    };

    Progress progress("label", 2 * int64_t(pages), "slices", progress_style(options.quiet));
    uint64_t count = 0;  // first, so that the type is known
    for (int page = 0; page < pages; page++) {
        count += count_of(objects_of(page));
        progress.advance();
    }
    if (count > std::numeric_limits<uint32_t>::max())
        throw Error(Exit::data, fmt::format("{}: {} objects are more than 32 bits can number; raise --min-size",
                                            input.name(), count));
    StackShape shape = input.shape();
    shape.samples = 1;
    shape.type = count <= std::numeric_limits<uint16_t>::max() ? SampleType::u16 : SampleType::u32;
    StackWriter writer(options.output, shape);
    uint32_t before = 0;
    for (int page = 0; page < pages; page++) {
        const Ids objects = objects_of(page);
        if (shape.type == SampleType::u16) append_page<uint16_t>(writer, objects, before, page);
        else append_page<uint32_t>(writer, objects, before, page);
        before += count_of(objects);
        progress.advance();
    }
    writer.finish();
    progress.say(fmt::format("{} objects", count));
    fmt::print("{}\n", options.output);
}

}  // namespace unet
