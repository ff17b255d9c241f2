#include "pipeline/segment_verb.h"
#include "generated/version.h"
#include "pipeline/output_path.h"
#include "pipeline/progress.h"
#include "pipeline/segment_stack.h"
#include "pipeline/stack_files.h"
#include "pipeline/stop.h"
#include "pipeline/threads.h"
#include "src/base/error.h"
#include "src/base/paths.h"
#include "src/net/model.h"
#include "src/net/unet.h"
#include <fmt/format.h>

namespace unet {

namespace fs = std::filesystem;

namespace {

std::vector<OutputKind> output_kinds(const SegmentOptions &options) {
    std::vector<OutputKind> kinds;
    if (options.classes) kinds.push_back({});
    if (options.probabilities) kinds.push_back({true, options.probability_type});
    return kinds;
}

std::vector<std::string> names(const std::vector<OutputKind> &kinds) {
    std::vector<std::string> names;
    for (const OutputKind &kind : kinds) names.push_back(kind.name());
    return names;
}

void check_channels(const StackReader &images, const Model &model, const std::string &model_name) {
    const int has = images.shape().samples, needs = model.architecture().channels;
    if (has != needs)
        throw Error(Exit::data,
                    fmt::format("{}: has {} channel{}, but {} was trained on {}; give images like the training's",
                                images.name(), has, has == 1 ? "" : "s", model_name, needs));
}

PageRange chosen_pages(const StackReader &images, const SegmentOptions &options) {
    const int pages = images.shape().pages;
    if (!options.pages) return {0, pages};
    const auto [first, end] = *options.pages;
    if (end > pages)
        throw Error(Exit::usage, fmt::format("--z {}:{}: {} has slices 0 to {}", first, end, images.name(), pages - 1));
    return {first, end - first};
}

Rect chosen_area(const StackReader &images, const SegmentOptions &options) {
    const StackShape &shape = images.shape();
    if (!options.area) return {0, 0, shape.width, shape.height};
    const Rect &area = *options.area;
    if (area.x > shape.width - area.width || area.y > shape.height - area.height)
        throw Error(Exit::usage, fmt::format("--roi {},{},{},{}: reaches outside {}, which is {} x {}", area.x, area.y,
                                             area.width, area.height, images.name(), shape.width, shape.height));
    return area;
}

std::string normalisation_text(const Normalisation &normalisation) {
    if (normalisation.by_page) return "page";
    std::string text;
    for (size_t k = 0; k < normalisation.low.size(); k++)
        text += fmt::format("{}{}..{}", k ? " " : "", normalisation.low[k], normalisation.high[k]);
    return text;
}

// What decides the pixels, and nothing else: equal results are equal files.
std::map<std::string, std::string> metadata(const Model &model, const OutputKind &kind, const RegionPlan &plan,
                                            const SegmentOptions &options) {
    std::map<std::string, std::string> entries{{"unetflow", version},
                                               {"model", model_hash(model)},
                                               {"normalisation", normalisation_text(model.normalisation)},
                                               {"emit", kind.name()}};
    std::string classes;
    for (const std::string &name : model.class_names) classes += (classes.empty() ? "" : ",") + name;
    entries["classes"] = classes;
    if (options.pages) entries["z"] = fmt::format("{}:{}", plan.pages().first, plan.pages().first + plan.pages().count);
    const Rect area = plan.area();
    if (options.area) entries["roi"] = fmt::format("{},{},{},{}", area.x, area.y, area.width, area.height);
    return entries;
}

StackShape output_shape(const StackReader &images, const RegionPlan &plan, const OutputKind &kind, int classes) {
    StackShape shape = images.shape();
    shape.width = plan.area().width;
    shape.height = plan.area().height;
    shape.pages = plan.pages().count;
    shape.samples = kind.planes(classes);
    shape.type = kind.type;
    return shape;
}

RegionPlan plan_tiles(const StackReader &images, const Model &model, const SegmentOptions &options) {
    return plan_region(images.shape(), model.architecture(), options.tile, chosen_pages(images, options),
                       chosen_area(images, options));
}

// For a size that was asked for; the default is rounded, and a page smaller than a tile gets a smaller one, without a
// note.
void note_rounding(const Model &model, const SegmentOptions &options) {
    const int tile = largest_tile(model.architecture(), options.tile);
    if (options.quiet || tile == options.tile || options.tile == SegmentOptions{}.tile) return;
    fmt::print(stderr, "tile {} becomes {}, a size that fits the network\n", options.tile, tile);
}

// Many files share one progress display; a single one shows its tiles.
void segment_files(const StackFiles &files, const Model &model, const PreparedWeights &weights,
                   const SegmentOptions &options, Timings &timings, Progress *of_files) {
    const StackReader images(files.inputs);
    check_channels(images, model, options.model);
    const std::vector<OutputKind> kinds = output_kinds(options);
    const auto read = [&](int page, Rect region) { return images.read(page, region); };
    const SegmentJob job{images.name(),
                         images.shape(),
                         read,
                         weights,
                         model.normalisation,
                         plan_tiles(images, model, options),
                         kinds,
                         segment_limits(arena_threads(), options.tiles_in_flight),
                         timings};
    std::vector<std::unique_ptr<StackWriter>> writers;
    for (size_t i = 0; i < kinds.size(); i++)
        writers.push_back(std::make_unique<StackWriter>(
            files.outputs[i], output_shape(images, job.plan, kinds[i], model.architecture().classes),
            metadata(model, kinds[i], job.plan, options)));
    Progress of_tiles("segment", job.plan.size(), "tiles", progress_style(options.quiet || of_files));
    segment_stack(
        job, [&](size_t output, const Band &band) { writers[output]->append(band); }, [&] { of_tiles.advance(); });
    timings.measure(Stage::write, [&] {
        for (const auto &writer : writers) writer->finish();
    });
    if (of_files) of_files->advance();
}

}  // namespace

void run_segment(const SegmentOptions &options) {
    Timings timings(Timings::Clock::now());
    answer_signals();
    const Model model = load_model(options.model);
    const PreparedWeights weights(model.parameters, PreparedWeights::Use::inference);
    const std::vector<StackFiles> plan =
        plan_files(expand_paths(options.inputs), options.output, names(output_kinds(options)));
    for (const StackFiles &files : plan)
        for (const fs::path &output : files.outputs) check_output(output, {options.model});
    prepare_outputs(plan, options.overwrite);
    note_rounding(model, options);
    timings.begin_tiles();
    Progress of_files("segment", int64_t(plan.size()), "files", progress_style(options.quiet));
    for (const StackFiles &files : plan)
        segment_files(files, model, weights, options, timings, plan.size() > 1 ? &of_files : nullptr);
    for (const StackFiles &files : plan)
        for (const fs::path &output : files.outputs) fmt::print("{}\n", output.string());
    if (options.timings)
        fmt::print(stderr, "{}", timings.table(segment_limits(arena_threads(), options.tiles_in_flight).workspaces));
}

}  // namespace unet
