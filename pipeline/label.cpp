#include "pipeline/label.h"
#include "generated/version.h"
#include "pipeline/foreground_rows.h"
#include "pipeline/id_bands.h"
#include "pipeline/input_identity.h"
#include "pipeline/object_list.h"
#include "pipeline/probability.h"
#include "pipeline/progress.h"
#include "pipeline/stack_files.h"
#include "pipeline/stop.h"
#include "src/base/error.h"
#include "src/base/part_file.h"
#include "src/base/paths.h"
#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <optional>

namespace unet {

namespace fs = std::filesystem;

namespace {

// Without growing, components need no more than the rows around a pixel.
bool is_streamed(const LabelOptions &options) {
    return options.instances.method == InstanceMethod::components && options.instances.grow == 0;
}

void check_options(const LabelOptions &options) {
    if (is_streamed(options) || (!options.through_slices && !options.fill_holes)) return;
    throw Error(Exit::usage, std::string(options.through_slices ? "--volume" : "--fill-holes") +
                                 ": with --method components and without --grow only");
}

fs::path list_path(const fs::path &output) { return fs::path(output).replace_extension(".csv"); }

uint32_t count_of(const Ids &objects) { return *std::max_element(objects.values.begin(), objects.values.end()); }

StackShape shape_of_objects(const LazyStack &input, uint64_t count) {
    if (count > std::numeric_limits<uint32_t>::max())
        throw Error(Exit::data, fmt::format("{}: {} objects are more than 32 bits can number; raise --min-size",
                                            input.name(), count));
    StackShape shape = input.shape();
    shape.samples = 1;
    shape.channels = {"objects"};
    shape.type = count <= std::numeric_limits<uint16_t>::max() ? SampleType::u16 : SampleType::u32;
    return shape;
}

/// What decides the ids, and nothing else.
std::map<std::string, std::string> metadata_of(const StackFiles &stack, const LabelOptions &options) {
    constexpr const char *methods[] = {"components", "watershed", "shape"};
    const InstanceOptions &how = options.instances;
    std::map<std::string, std::string> entries{{"unetflow", version},
                                               {"input", identify({stack.inputs}).content},
                                               {"foreground", std::to_string(options.foreground)},
                                               {"method", methods[int(how.method)]},
                                               {"threshold", fmt::format("{}", how.threshold)},
                                               {"min-size", std::to_string(how.smallest)}};
    if (how.method == InstanceMethod::watershed) entries["seed"] = fmt::format("{}", how.seed);
    if (how.method == InstanceMethod::shape) entries["smoothing"] = fmt::format("{}", how.smoothing);
    if (how.grow > 0) entries["grow"] = std::to_string(how.grow);
    if (how.field_of_interest > 0) entries["field-of-interest"] = std::to_string(how.field_of_interest);
    if (options.through_slices) entries["volume"] = "yes";
    if (options.fill_holes) entries["fill-holes"] = "yes";
    return entries;
}

/// Adds the objects of a page, whose numbers begin behind `before`, to a table of all.
void add_shapes(const Ids &objects, uint32_t before, int page, ObjectTable &table) {
    for (int y = 0; y < objects.height; y++)
        for (int x = 0; x < objects.width;) {
            const uint32_t id = objects(x, y);
            const int begin = x;
            while (x < objects.width && objects(x, y) == id) x++;
            if (id) table.add(before + id - 1, {page, y}, {begin, x}, true);
        }
}

/// One stack.
class Labelling {
public:
    Labelling(const StackFiles &stack, const LabelOptions &options, Progress &progress)
        : input_(stack.inputs), output_(stack.outputs.front()), metadata_(metadata_of(stack, options)),
          options_(options), progress_(progress) {}

    uint64_t run() { return is_streamed(options_) ? stream() : slice_by_slice(); }

private:
    uint64_t stream() {
        const StackShape &shape = input_.shape();
        const RowSource rows =
            foreground_rows(input_, options_.foreground, options_.instances.threshold, [this] { progress_.advance(); });
        const ObjectOptions how{options_.through_slices, options_.fill_holes, options_.instances.smallest,
                                options_.instances.field_of_interest};
        StreamedObjects objects(rows, {shape.width, shape.height}, shape.pages, how, output_.parent_path());
        const StackShape of_objects = shape_of_objects(input_, objects.count());
        StackWriter writer(output_, of_objects, metadata_, writer_options());
        IdBands bands(of_objects, [&](const Band &band) { writer.append(band); });
        objects.number_rows([&](RowPlace at, const Runs &row, const std::vector<uint32_t> &numbers) {
            for (size_t i = 0; i < row.size(); i++) bands.set(at, row[i], numbers[i]);
            bands.end_row(at);
        });
        finish(writer, [&](const ObjectVisitor &take) { objects.list(take); });
        return objects.count();
    }

    WriterOptions writer_options() const {
        return {.pyramid = options_.pyramid ? Pyramid::most_frequent : Pyramid::none};
    }

    Ids objects_of(int page) {
        throw_if_stopped();
        progress_.advance();
        return instances(probability_of(input_, page, options_.foreground), options_.instances);
    }

    // Each slice is labelled twice: first its objects are only counted, so that their type is known.
    uint64_t slice_by_slice() {
        const int pages = input_.shape().pages;
        uint64_t count = 0;
        for (int page = 0; page < pages; page++) count += count_of(objects_of(page));
        const StackShape of_objects = shape_of_objects(input_, count);
        StackWriter writer(output_, of_objects, metadata_, writer_options());
        IdBands bands(of_objects, [&](const Band &band) { writer.append(band); });
        ObjectTable table(output_.parent_path());
        uint32_t before = 0;
        for (int page = 0; page < pages; page++) {
            const Ids objects = objects_of(page);
            bands.add_page(page, objects, before);
            if (options_.list) add_shapes(objects, before, page, table);
            before += count_of(objects);
        }
        table.number([](const ObjectShape &, bool) { return true; });
        finish(writer, [&](const ObjectVisitor &take) { table.list(take); });
        return count;
    }

    void finish(StackWriter &writer, const std::function<void(const ObjectVisitor &)> &list) {
        std::optional<PartFile> table;  // gets its name when the labels have theirs
        if (options_.list) {
            table.emplace(list_path(output_));
            write_object_list(table->path(), input_.shape().voxel, options_.through_slices, list);
        }
        writer.finish(throw_if_stopped);
        if (table) table->commit();
    }

    LazyStack input_;
    fs::path output_;
    std::map<std::string, std::string> metadata_;
    const LabelOptions &options_;
    Progress &progress_;
};

/// Slices that are read, each as often as it is.
int64_t slices_of(const std::vector<StackFiles> &plan, const LabelOptions &options) {
    int64_t pages = 0;
    for (const StackFiles &stack : plan) pages += LazyStack(stack.inputs).shape().pages;
    return pages * (options.fill_holes ? 3 : 2);
}

std::vector<StackFiles> with_lists(std::vector<StackFiles> plan, const LabelOptions &options) {
    for (StackFiles &stack : plan)
        if (options.list) {
            if (list_path(stack.outputs.front()) == stack.outputs.front())
                throw Error(Exit::usage, "--csv: " + stack.outputs.front().string() +
                                             " would be the table's name, too; name the output .tif");
            stack.outputs.push_back(list_path(stack.outputs.front()));
        }
    return plan;
}

}  // namespace

void run_label(const LabelOptions &options) {
    check_options(options);
    answer_signals();
    const std::vector<StackFiles> plan =
        with_lists(plan_files({expand_paths(options.inputs)}, options.output, {"objects"}), options);
    prepare_outputs(plan, options.overwrite);
    Progress progress("label", slices_of(plan, options), "slices", progress_style(options.quiet));
    uint64_t count = 0;
    for (const StackFiles &stack : plan) count += Labelling(stack, options, progress).run();
    progress.say(fmt::format("{} objects", count));
    for (const StackFiles &stack : plan)
        for (const fs::path &path : stack.outputs) fmt::print("{}\n", path.string());
}

}  // namespace unet
