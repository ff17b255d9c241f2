// Labels as people have them: 0/255, class ids, instance ids.
#pragma once
#include "src/base/array.h"
#include "src/base/rect.h"
#include "src/stack/stack_reader.h"
#include <optional>
#include <string>
#include <vector>

namespace unet {

enum class LabelKind { binary, classes, instances };

/// How label values become classes. Class 0 is what the label value 0 was.
struct LabelScheme {
    LabelKind kind = LabelKind::binary;
    std::vector<uint32_t> values;  ///< binary, classes: the label value of each class, ascending; empty for instances
    std::optional<uint32_t> ignore;  ///< label value that becomes `ignored`

    int classes() const { return kind == LabelKind::instances ? 2 : int(values.size()); }
    std::vector<std::string> class_names() const;
};

/// What a whole label set holds, streamed once.
struct LabelSurvey {
    LabelScheme scheme;
    uint64_t distinct = 0;                 ///< different label values, 0 included
    bool touching = false;                 ///< different non-zero ids lie side by side
    std::vector<uint64_t> class_pixels;    ///< per class, after the gap between touching ids was carved
    uint64_t ignored_pixels = 0;
    std::vector<std::string> words() const;  ///< sentences for a person: what was found and what training will do
};

/// Streams all labels. `kind` overrules the guess. Throws Error(data) when there is one class only.
LabelSurvey survey_labels(const std::vector<const StackReader *> &labels, std::optional<uint32_t> ignore,
                          std::optional<LabelKind> kind = {});

/// Classes of a window of ids that is one pixel larger on every side than the result: touching instances are parted by one
/// pixel of background on either side. Throws Error(data) for a value that the scheme does not know.
Classes to_classes(const Ids &ids_with_rim, const LabelScheme &scheme);

}  // namespace unet
