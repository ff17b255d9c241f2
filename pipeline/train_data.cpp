#include "pipeline/train_data.h"
#include "src/base/error.h"
#include "src/base/paths.h"
#include "src/sample/class_balance.h"
#include "src/sample/normalise.h"
#include "src/sample/pairing.h"
#include <fmt/format.h>
#include <numeric>

namespace unet {

namespace {

const char *plural(size_t count) { return count == 1 ? "" : "s"; }

std::string size_text(const std::vector<LabelledStack> &stacks) {
    const StackShape &first = stacks.front().images->shape();
    for (const LabelledStack &stack : stacks)
        if (stack.images->shape().width != first.width || stack.images->shape().height != first.height)
            return "of several sizes";
    return fmt::format("of {} x {}", first.width, first.height);
}

void check_shares(const std::vector<double> &shares, size_t pairs) {
    if (shares.empty()) return;
    if (shares.size() != pairs)
        throw Error(Exit::usage,
                    fmt::format("--shares: {} numbers for {} pairs of files; give one for each", shares.size(), pairs));
    if (std::accumulate(shares.begin(), shares.end(), 0.0) == 0)
        throw Error(Exit::usage, "--shares: all are 0; give one pair of files at least a share");
}

// "20 rows", where all parts that validate have as many.
std::string height_text(const std::vector<LabelledStack> &stacks, const Split &split) {
    const int first = stacks[split.validation.front().stack].images->shape().height;
    for (const StackPage &page : split.validation)
        if (stacks[page.stack].images->shape().height != first) return "rows";
    return fmt::format("{} row{}", first, plural(size_t(first)));
}

// The label value that is ignored, and with --field-of-interest stands for background outside it.
std::optional<uint32_t> ignore_edges(std::vector<LabelledStack> &stacks, const TrainOptions &options) {
    if (options.field_of_interest == 0) return options.ignore_label;
    const uint32_t id = options.ignore_label.value_or(unsure_id);
    for (LabelledStack &stack : stacks)
        stack.labels = std::make_shared<const LazyStack>(stack.labels->unsure_at_edge(options.field_of_interest, id));
    return id;
}

}  // namespace

std::vector<std::string> TrainData::words() const {
    const bool by_blocks = split_by == SplitBy::blocks;
    const size_t pages = split.training.size() + (by_blocks ? 0 : split.validation.size());
    const int slices = 2 * context_slices + 1, each = channels() / slices;
    std::vector<std::string> words{fmt::format("{} image{} {}, {} channel{}{}", pages, plural(pages), page_size, each,
                                               plural(size_t(each)),
                                               slices > 1 ? fmt::format(" in each of {} slices", slices) : "")};
    if (!pairing.empty()) words.push_back(pairing);
    for (const std::string &sentence : survey.words()) words.push_back(sentence);
    for (const std::string &sentence : survey.problems()) words.push_back("note: " + sentence);
    const size_t held_out = split.validation.size();
    if (by_blocks && held_out > 0)
        words.push_back(fmt::format("the lowest {} of {} are held out for validation", height_text(stacks, split),
                                    pages == 1 ? "the image" : "each image"));
    else
        words.push_back(held_out == 0 ? fmt::format("{} image{} to train on, none held out", pages, plural(pages))
                                      : fmt::format("{} image{} to train on, {} held out for validation",
                                                    split.training.size(), plural(split.training.size()), held_out));
    return words;
}

Pairing pair_images(const std::vector<std::string> &images, const std::vector<std::string> &labels,
                    const Slices &slices, const ImageChoice &choice) {
    const FileLists lists = expand_lists(images);
    ImageChoice own = choice;
    own.file_channels = lists.lists;
    return pair_stacks(lists.files, expand_paths(labels), {}, {slices, slices}, own);
}

TrainData read_train_data(const TrainOptions &options) {
    TrainData data;
    Pairing pairing = pair_images(options.images, options.labels, options.slices, options.choice);
    data.stacks = std::move(pairing.pairs);
    data.context_slices = options.choice.context_slices;
    if (data.stacks.size() > 1) data.pairing = std::move(pairing.how);
    data.page_size = size_text(data.stacks);
    check_shares(options.shares, data.stacks.size());
    const std::optional<uint32_t> ignore = ignore_edges(data.stacks, options);
    data.survey = survey_labels(labels_of(data.stacks), ignore, options.label_kind);
    data.normalisation = normalisation_of(survey_grays(images_of(data.stacks)));
    data.normalisation.by_page = options.normalise_by_page;
    data.class_weights = options.class_weights == ClassWeights::balance ? class_weights(data.survey)
                                                                        : std::vector<double>(data.classes(), 1.0);
    data.split_by = options.validation_by.value_or(is_single_page(data.stacks) ? SplitBy::blocks : SplitBy::slices);
    data.split = data.split_by == SplitBy::blocks ? split_blocks(data.stacks, options.validation)
                                                  : split_pages(data.stacks, options.validation);
    return data;
}

}  // namespace unet
