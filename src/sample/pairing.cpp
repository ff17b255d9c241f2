#include "src/sample/pairing.h"
#include "src/base/error.h"
#include "src/base/paths.h"
#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <optional>

namespace unet {

namespace {

using Path = std::filesystem::path;
using Paths = std::vector<Path>;
using Strings = std::vector<std::string>;

Strings stems(const Paths &files) {
    Strings names;
    for (const Path &file : files) names.push_back(file.stem().string());
    return names;
}

// How many characters all `names` begin with alike.
size_t common_beginning(const Strings &names) {
    size_t length = names[0].size();
    for (const std::string &name : names) {
        const auto differ = std::mismatch(name.begin(), name.end(), names[0].begin(), names[0].end());
        length = std::min(length, size_t(differ.first - name.begin()));
    }
    return length;
}

// What is left of each path without what all of them begin and end with: "raw/01-a.tif", "raw/02-a.tif" -> "1", "2".
Strings distinct_parts(const Paths &files) {
    Strings names;
    for (const Path &file : files) names.push_back(file.generic_string());
    if (names.size() < 2) return names;
    const size_t begin = common_beginning(names);
    for (std::string &name : names) {
        name.erase(0, begin);
        std::reverse(name.begin(), name.end());
    }
    const size_t end = common_beginning(names);
    for (std::string &name : names) {
        name.erase(0, end);
        std::reverse(name.begin(), name.end());
    }
    return names;
}

// The position of each image's label by equal keys, or nothing when keys repeat.
using Partners = std::vector<std::optional<size_t>>;
std::optional<Partners> partners_by(const Strings &image_keys, const Strings &label_keys) {
    std::map<std::string, size_t> label_of, image_of;
    for (size_t i = 0; i < label_keys.size(); i++)
        if (!label_of.emplace(label_keys[i], i).second) return {};
    for (size_t i = 0; i < image_keys.size(); i++)
        if (!image_of.emplace(image_keys[i], i).second) return {};
    Partners partners;
    for (const std::string &key : image_keys) {
        const auto found = label_of.find(key);
        partners.push_back(found == label_of.end() ? std::nullopt : std::optional(found->second));
    }
    return partners;
}

size_t matches(const std::optional<Partners> &partners) {
    return partners
               ? size_t(std::count_if(partners->begin(), partners->end(), [](const auto &p) { return p.has_value(); }))
               : 0;
}

std::string size_text(const StackShape &shape) {
    return fmt::format("{} x {} pixels, {} page{}", shape.width, shape.height, shape.pages,
                       shape.pages == 1 ? "" : "s");
}

void check_pair(const LabelledStack &pair, const LabelledStack &first, const PairNames &names) {
    const StackShape &image = pair.images->shape(), &label = pair.labels->shape();
    if (image.width != label.width || image.height != label.height || image.pages != label.pages)
        throw Error(Exit::data,
                    fmt::format("{}: {}, but its {} {} has {}; give files of equal size", pair.images->name(),
                                size_text(image), names.label, pair.labels->name(), size_text(label)));
    if (label.samples != 1)
        throw Error(Exit::data,
                    fmt::format("{}: a {} has one value a pixel, this file has {}; convert it to one gray channel",
                                pair.labels->name(), names.label, label.samples));
    if (image.samples != first.images->shape().samples)
        throw Error(Exit::data,
                    fmt::format("{}: {} channels, but {} has {}; all files of one kind must agree", pair.images->name(),
                                image.samples, first.images->name(), first.images->shape().samples));
}

// Opens files as stacks that share a pool of handles.
class Opener {
public:
    StackPtr operator()(Paths files, const Slices &slices, const ImageChoice &choice = {}) {
        return std::make_shared<const LazyStack>(std::move(files), pool_, slices, choice);
    }

private:
    std::shared_ptr<StackPool> pool_ = std::make_shared<StackPool>();
};

// The first file without a partner, in words.
[[noreturn]] void refuse_partial(const Paths &images, const Paths &labels, const Partners &partners,
                                 const PairNames &names) {
    std::vector<bool> used(labels.size());
    for (size_t i = 0; i < images.size(); i++) {
        if (!partners[i])
            throw Error(Exit::data, fmt::format("{}: no {} file of this name among {}; add it, or leave the {} out",
                                                images[i].string(), names.label, labels.size(), names.image));
        used[*partners[i]] = true;
    }
    const size_t left = size_t(std::find(used.begin(), used.end(), false) - used.begin());
    throw Error(Exit::data, fmt::format("{}: no {} file of this name among {}; add it, or leave the {} out",
                                        labels.at(left).string(), names.image, images.size(), names.label));
}

Pairing pair_files(const FileLists &lists, const Paths &labels, const PairNames &names, const PairSlices &slices,
                   const ImageChoice &choice, Opener &open) {
    const Paths images = lists.first();
    const auto by_name = partners_by(stems(images), stems(labels));
    const auto by_part = partners_by(distinct_parts(images), distinct_parts(labels));
    const auto &best = matches(by_name) >= matches(by_part) ? by_name : by_part;
    Pairing pairing;
    pairing.how = fmt::format("{} pairs, by {}.", images.size(),
                              &best == &by_name ? "file name" : "the part in which the names differ");
    if (matches(best) == 0 && images.size() != labels.size())
        throw Error(
            Exit::data,
            fmt::format("{} {} files ({}, ...) and {} {} files ({}, ...) have no name in common; name them alike",
                        images.size(), names.image, images[0].string(), labels.size(), names.label,
                        labels[0].string()));
    if (matches(best) == 0)
        pairing.how = fmt::format("{} pairs, in the order given, as no name is equal: {} goes with {}.", images.size(),
                                  images[0].filename().string(), labels[0].filename().string());
    else if (matches(best) < images.size() || images.size() != labels.size())
        refuse_partial(images, labels, *best, names);
    for (size_t i = 0; i < images.size(); i++)
        pairing.pairs.push_back({open(lists.beside(i), slices.images, choice),
                                 open({labels[matches(best) ? *(*best)[i] : i]}, slices.labels)});
    return pairing;
}

}  // namespace

Pairing pair_stacks(const Paths &images, const Paths &labels, const PairNames &names, const PairSlices &slices,
                    const ImageChoice &choice) {
    if (images.empty() || labels.empty())
        throw Error(Exit::no_input, fmt::format("there is no {} file", images.empty() ? names.image : names.label));
    Opener open;
    Pairing pairing;
    const FileLists lists{images, choice.file_channels};
    if (lists.length() == 1 || labels.size() == 1)
        pairing = {{{open(images, slices.images, choice), open(labels, slices.labels)}}, "One pair."};
    else pairing = pair_files(lists, labels, names, slices, choice, open);
    for (const LabelledStack &pair : pairing.pairs) check_pair(pair, pairing.pairs[0], names);
    return pairing;
}

std::vector<StackPtr> images_of(const std::vector<LabelledStack> &pairs) {
    std::vector<StackPtr> stacks;
    for (const LabelledStack &pair : pairs) stacks.push_back(pair.images);
    return stacks;
}

std::vector<StackPtr> labels_of(const std::vector<LabelledStack> &pairs) {
    std::vector<StackPtr> stacks;
    for (const LabelledStack &pair : pairs) stacks.push_back(pair.labels);
    return stacks;
}

}  // namespace unet
