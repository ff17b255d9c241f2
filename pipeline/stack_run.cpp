#include "pipeline/stack_run.h"
#include "generated/version.h"
#include "pipeline/input_identity.h"
#include "pipeline/segment_stack.h"
#include "pipeline/stop.h"
#include "src/base/error.h"
#include "src/kernels/kernels.h"
#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace unet {

namespace {

std::string host_name() {
    char name[256] = "";
    return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

// What decides the bytes of an output beyond what stands in it.
std::map<std::string, std::string> run_of(const OutputSpec &spec, const InputIdentity &input) {
    std::map<std::string, std::string> run = spec.head.metadata;
    run["input-times"] = input.times;
    run["type"] = sample_type_name(spec.head.stack.type);
    run["output-layout"] = spec.head.storage == TileStorage::plain ? "preallocated" : "bands";
    run["arithmetic"] = kernels().arithmetic();
    if (spec.head.pyramid != Pyramid::none) run["pyramid"] = "yes";
    if (spec.shard) run["shard"] = fmt::format("{}/{}", spec.shard->index, spec.shard->count);
    return run;
}

}  // namespace

StackRun::StackRun(const StackFiles &files, const Ensemble &models, const SegmentOptions &options,
                   std::optional<Shard> shard)
    : models_(models), options_(options), images_(images_of(files, options.images, models.first())),
      part_(images_, options), plan_(plan_segment(images_, models.first().architecture(), part_, options)) {
    check_channels(images_, models.first(), models.name());
    const InputIdentity input = identify({files.inputs, files.lists});
    bands_ = bands_of(shard.value_or(Shard{}), plan_.tiles.bands());
    next_ = bands_.end;
    const std::vector<OutputKind> kinds = options.kinds();
    for (size_t i = 0; i < kinds.size() && !empty(); i++) {
        OutputSpec spec{.path = files.outputs[i],
                        .head = {.run = {},
                                 .metadata = output_metadata(models, kinds[i], part_, options, input.content),
                                 .stack = output_shape(images_.shape(), part_, kinds[i], models.first().class_names),
                                 .storage = options.storage,
                                 .pyramid = options.pyramid ? kinds[i].pyramid() : Pyramid::none,
                                 .bands = bands_},
                        .shard = shard};
        check_page_count(spec.path.string(), spec.head.stack);
        spec.head.run = run_of(spec, input);
        const OutputState state = look_up(spec, options.overwrite, options.restart, input.changed);
        if (state.complete) continue;
        outputs_.push_back({std::move(spec), kinds[i]});
        next_ = std::min(next_, state.next);
    }
}

void StackRun::run(Timings &timings, ProgressStyle style, EventLog &events) {
    const auto started = Timings::Clock::now();
    images_.hold_blocks(plan_.memory.held);
    std::vector<std::unique_ptr<OutputStack>> stacks;
    std::vector<OutputKind> kinds;
    for (const Output &output : outputs_) {
        stacks.push_back(std::make_unique<OutputStack>(output.spec, next_));
        kinds.push_back(output.kind);
    }
    const SegmentJob job{images_.name(),
                         images_.shape(),
                         [&](int page, Rect region) { return images_.read(page, region); },
                         models_.networks(),
                         RegionPlan(plan_.tiles.tiles(), part_.pages, part_.area, BandRange{next_, bands_.end}),
                         kinds,
                         plan_.limits,
                         timings,
                         options_.blend,
                         options_.d4};
    timings.run_beside(int(std::min<int64_t>(plan_.limits.workspaces, job.plan.size())));
    Progress tiles("segment", job.plan.size(), "tiles", style);
    const std::string output = outputs_.front().spec.path.string();
    const auto seconds = [&] { return std::chrono::duration<double>(Timings::Clock::now() - started).count(); };
    events.write("start", {{"output", output},
                           {"bands", bands_.end - bands_.first},
                           {"bands_done", bands_done()},
                           {"tiles", job.plan.size()},
                           {"planned_bytes", plan_.memory.total()}});
    int64_t done = 0;
    const auto state = [&] {
        return nlohmann::ordered_json{
            {"output", output}, {"bands_done", bands_done() + done}, {"bands_per_second", double(done) / seconds()}};
    };
    const auto take = [&](size_t number, const Band &band) {
        const bool committed = stacks[number]->append(band);
        if (number > 0) return;
        done++;
        events.write_often(committed ? "checkpoint" : "band", state());  // of a checkpoint all bands are on the disk
    };
    try {
        segment_stack(job, take, [&] { tiles.advance(); });
        finish(stacks, timings, style, seconds());
    } catch (const Error &error) {
        if (error.code == Exit::interrupted)
            for (const auto &stack : stacks) stack->commit();
        try {
            events.write("stopped", state());
        } catch (const Error &) {  // the reason of the stop matters more
        }
        throw;
    }
    events.write("done", state());
}

void StackRun::finish(const std::vector<std::unique_ptr<OutputStack>> &stacks, Timings &timings, ProgressStyle style,
                      double seconds) const {
    const bool pyramids = options_.pyramid && std::none_of(outputs_.begin(), outputs_.end(), [](const Output &output) {
                              return output.spec.shard.has_value();
                          });
    std::optional<Progress> bands;
    if (pyramids) bands.emplace("pyramid", (bands_.end - bands_.first) * int64_t(stacks.size()), "bands", style);
    const auto band_done = [&] {
        throw_if_stopped();
        bands->advance();
    };
    timings.measure(Stage::write, [&] {
        for (const auto &stack : stacks)
            stack->finish({version, std::string(kernels().name), host_name(), seconds}, band_done);
    });
}

}  // namespace unet
