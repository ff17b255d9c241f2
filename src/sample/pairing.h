// Which label file belongs to which image file.
#pragma once
#include "src/sample/lazy_stack.h"

namespace unet {

/// What the two sides of a pair are called in messages.
struct PairNames {
    std::string image = "image", label = "label";
};

/// Slices of each file (or of several that are one stack) that count.
struct PairSlices {
    Slices images, labels;
};

struct Pairing {
    std::vector<LabelledStack> pairs;
    std::string how;  ///< a sentence for a person: by which rule they were paired
};

/// Pairs image files with label files. With `choice.file_channels`, `images` are so many lists, and the first has the
/// names; `choice` is about images only.
/// Each file is a stack of its own, and:
/// - one file on either side: these two, whatever their names;
/// - one file on one side, several on the other: the several are one stack, in the order given;
/// - equal file names without extension: by name; names must be complete on both sides;
/// - names that differ by a common beginning and end ("01-raw.tif", "01-mask.tif"; folders count): by the part between;
/// - not a single name in common but as many files on either side: in the order given (folders and globs: natural
///   order).
///
/// Throws Error(data) when files are left without a partner, when width, height or pages differ inside a pair, when a
/// label has more than one sample a pixel, or when images differ in their number of channels; and what StackReader
/// throws.
Pairing pair_stacks(const std::vector<std::filesystem::path> &images, const std::vector<std::filesystem::path> &labels,
                    const PairNames &names = {}, const PairSlices &slices = {}, const ImageChoice &choice = {});

/// One side of the pairs.
std::vector<StackPtr> images_of(const std::vector<LabelledStack> &pairs);
std::vector<StackPtr> labels_of(const std::vector<LabelledStack> &pairs);

}  // namespace unet
