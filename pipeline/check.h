// unetflow check
#pragma once
#include "src/sample/labels.h"
#include "src/stack/image_stack.h"
#include <optional>
#include <string>
#include <vector>

namespace unet {

struct CheckOptions {
    std::vector<std::string> images, labels;
    ImageChoice choice;                         ///< of the images, as far as options say
    std::optional<std::pair<int, int>> slices;  ///< first and one past the last; nothing: all
    std::optional<uint32_t> ignore_label;
    std::optional<LabelKind> label_kind;  ///< nothing: guessed
    std::string json;                     ///< a file, "-" for stdout, empty for none
};

/// Says on stdout what training would see: sizes, pairs, gray values, kind of the labels, shares and weights of the
/// classes, problems in words. With JSON on stdout, nothing else goes there. Throws Error(data) for data that cannot be
/// trained on, and no_input, usage, cannot_create, io.
void run_check(const CheckOptions &options);

}  // namespace unet
