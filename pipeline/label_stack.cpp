#include "pipeline/label_stack.h"
#include "generated/version.h"
#include "pipeline/id_bands.h"
#include "pipeline/input_identity.h"
#include "pipeline/object_list.h"
#include "pipeline/slice_numbering.h"
#include "pipeline/stop.h"
#include "pipeline/streamed_numbering.h"
#include "src/base/error.h"
#include "src/base/part_file.h"
#include <fmt/format.h>
#include <limits>

namespace unet {

namespace fs = std::filesystem;

namespace {

/// What decides the ids, and nothing else.
std::map<std::string, std::string> label_metadata(const InputIdentity &input, const LabelOptions &options) {
    constexpr const char *methods[] = {"components", "watershed", "shape"};
    const InstanceOptions &how = options.instances;
    std::map<std::string, std::string> entries{{"unetflow", version},
                                               {"input", input.content},
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
    if (options.corners()) entries["connectivity"] = options.through_slices ? "26" : "8";
    return entries;
}

/// What decides whether a run can be gone on with, beyond that.
std::map<std::string, std::string> label_run(std::map<std::string, std::string> metadata, const InputIdentity &input,
                                             const LabelOptions &options) {
    metadata["input-times"] = input.times;
    if (options.pyramid) metadata["pyramid"] = "yes";
    if (options.list && !options.is_streamed()) metadata["csv"] = "yes";  // else no table of objects is kept
    return metadata;
}

std::unique_ptr<Numbering> numbering_of(const LazyStack &input, const LabelOptions &options, const fs::path &folder) {
    const InstanceOptions &how = options.instances;
    if (!options.is_streamed())
        return std::make_unique<SliceNumbering>(input, options.foreground, how, options.list, folder);
    ObjectOptions objects{.through_pages = options.through_slices,
                          .fill_holes = options.fill_holes,
                          .smallest = how.smallest,
                          .field_of_interest = how.field_of_interest,
                          .corners = options.corners(),
                          .go_on = throw_if_stopped};
    if (how.method == InstanceMethod::watershed) objects.seed = std::max(how.seed, how.threshold);
    return std::make_unique<StreamedNumbering>(Foreground{input, options.foreground, how.threshold}, objects, folder);
}

int64_t band_at(RowPlace at, int height) { return at.page * bands_per_page(height) + at.y / band_rows; }

}  // namespace

fs::path object_list_path(const fs::path &output) { return fs::path(output).replace_extension(".csv"); }

LabelStack::LabelStack(const StackFiles &files, const LabelOptions &options, std::shared_ptr<StackPool> pool)
    : options_(options), input_(files.inputs, std::move(pool)), output_(files.outputs.front()) {
    const InputIdentity input = identify({files.inputs});
    metadata_ = label_metadata(input, options);
    run_ = label_run(metadata_, input, options);
    inputs_changed_ = input.changed;
}

OutputSpec LabelStack::spec_of(SampleType type) const {
    StackShape shape = input_.shape();
    shape.samples = 1;
    shape.channels = {"objects"};
    shape.type = type;
    return {.path = output_,
            .head = {.run = run_,
                     .metadata = metadata_,
                     .stack = shape,
                     .pyramid = options_.pyramid ? Pyramid::most_frequent : Pyramid::none,
                     .bands = {0, bands_per_page(shape.height) * shape.pages}},
            .shard = {}};
}

bool LabelStack::is_complete() const {
    if (options_.overwrite) return false;
    const fs::path list = object_list_path(output_);
    if (fs::exists(output_)) {
        const bool is_own = spec_of(SampleType::u16).begins(output_) || spec_of(SampleType::u32).begins(output_);
        if (!is_own) throw Error(Exit::cannot_create, output_.string() + ": exists; add --overwrite to replace it");
        if (fs::last_write_time(output_) < inputs_changed_)
            throw Error(Exit::cannot_create,
                        output_.string() + ": exists and is older than its inputs; add --overwrite to replace it");
        return !options_.list || fs::exists(list);
    }
    if (options_.list && fs::exists(list))
        throw Error(Exit::cannot_create, list.string() + ": exists; add --overwrite to replace it");
    return false;
}

void LabelStack::remove_leftovers() const {
    const OutputSpec spec = spec_of(SampleType::u16);
    if (fs::exists(spec.part())) return;
    std::error_code ignored_error;
    fs::remove(spec.journal(), ignored_error);
    LabelCheckpoint(output_, run_).remove();
}

int64_t LabelStack::slices_to_read() const {
    return int64_t(input_.shape().pages) * numbering_of(input_, options_, {})->scans_left();
}

/// A run over the stack.
class LabelStack::Job {
public:
    Job(const LabelStack &stack, Progress &progress)
        : stack_(stack), progress_(progress), checkpoint_(stack.output_, stack.run_) {
        if (stack.options_.restart) checkpoint_.remove();
    }

    uint64_t run() {
        RowPlace from = begin();
        for (; numbering_->scans_left() > 1; from = {}) {
            numbering_->scan(from, [this](RowPlace next) { end_band(next); });
            end_scan();
        }
        write(from);
        return numbering_->count();
    }

private:
    const StackShape &shape() const { return stack_.input_.shape(); }

    void begin_anew() {
        numbering_ = numbering_of(stack_.input_, stack_.options_, stack_.output_.parent_path());
        scans_ = numbering_->scans_left();
    }

    /// Where the scan under way goes on.
    RowPlace begin() {
        begin_anew();
        RowPlace from = checkpoint_.load(*numbering_).value_or(RowPlace{});
        if (numbering_->scans_left() == 1 && band_at(from, shape().height) > bands_written()) {
            begin_anew();  // the labels that the checkpoint speaks of are gone
            from = {};
        }
        const int scans_done = scans_ - numbering_->scans_left();
        const int64_t slices_done = int64_t(scans_done) * shape().pages + from.page;
        if (slices_done > 0 || from.y > 0)
            progress_.say(fmt::format("{}: goes on after {} of {} slices to read", stack_.output_.string(), slices_done,
                                      int64_t(scans_) * shape().pages));
        progress_.start_after(slices_done);
        scans_ = numbering_->scans_left();
        return from;
    }

    /// That an earlier run has left.
    int64_t bands_written() const { return look_up(spec(), true, false, {}).next; }

    OutputSpec spec() const {
        const uint64_t count = numbering_->count();
        if (count > std::numeric_limits<uint32_t>::max())
            throw Error(Exit::data, fmt::format("{}: {} objects are more than 32 bits can number; raise --min-size",
                                                stack_.input_.name(), count));
        return stack_.spec_of(count <= std::numeric_limits<uint16_t>::max() ? SampleType::u16 : SampleType::u32);
    }

    void end_scan() {
        numbering_->end_scan();
        const int left = numbering_->scans_left();
        progress_.advance(int64_t(scans_ - 1 - left) * shape().pages);  // scans that turned out not to be needed
        scans_ = left;
    }

    void end_band(RowPlace next) {
        if (next.y == 0) progress_.advance();
        if (stop_requested() && checkpoint_.is_quick()) save(next);
        throw_if_stopped();
        if (checkpoint_.is_due()) save(next);
    }

    /// First the labels, then what speaks of them.
    void save(RowPlace next) {
        if (labels_) labels_->commit();
        checkpoint_.save(*numbering_, next);
    }

    void write(RowPlace from) {
        labels_.emplace(spec(), band_at(from, shape().height));
        IdBands bands(spec().head.stack, from, [this](Band band) { labels_->append(std::move(band)); });
        const auto take = [&](RowPlace at, const std::vector<NumberedRun> &row) {
            for (const NumberedRun &part : row) bands.set(at, part.run, part.number);
            bands.end_row(at);
        };
        numbering_->number(from, take, [this](RowPlace next) { end_band(next); });
        finish();
    }

    void finish() {
        std::optional<PartFile> list;  // gets its name when the labels have theirs
        if (stack_.options_.list) {
            list.emplace(object_list_path(stack_.output_));
            write_object_list(list->path(), shape().voxel, stack_.options_.through_slices,
                              [this](const ObjectVisitor &take) { numbering_->list(take); });
        }
        labels_->finish({}, throw_if_stopped);
        if (list) list->commit();
        checkpoint_.remove();
    }

    const LabelStack &stack_;
    Progress &progress_;
    LabelCheckpoint checkpoint_;
    std::unique_ptr<Numbering> numbering_;
    int scans_ = 0;  // left, with the one under way
    std::optional<OutputStack> labels_;
};

uint64_t LabelStack::run(Progress &progress) const { return Job(*this, progress).run(); }

}  // namespace unet
