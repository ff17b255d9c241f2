// Labels as people have them: 0/255, class ids, instance ids.
#pragma once
#include "src/base/array.h"
#include "src/sample/label_histogram.h"
#include "src/sample/lazy_stack.h"
#include "src/sample/place_reservoir.h"
#include <optional>

namespace unet {

enum class LabelKind { binary, classes, instances };

/// "binary", "classes" or "instances". Throws Error(usage) for another word.
LabelKind label_kind(const std::string &word);
std::string kind_name(LabelKind kind);

/// Stands for "not known" where files have no value for that; no id of a cell.
constexpr uint32_t unsure_id = 0xFFFFFFFF;

/// How label values become classes. Class 0 is what the label value 0 was (the smallest value where 0 does not occur).
struct LabelScheme {
    LabelKind kind = LabelKind::binary;
    std::vector<uint32_t> values;    ///< binary, classes: the label value of each class, ascending; empty for instances
    std::optional<uint32_t> ignore;  ///< label value that becomes `ignored`

    int classes() const { return kind == LabelKind::instances ? 2 : int(values.size()); }
    /// "background" and "cell" for instances, else the label values.
    std::vector<std::string> class_names() const;
};

/// What a whole label set holds, streamed once.
struct LabelSurvey {
    LabelScheme scheme;
    bool guessed = true;    ///< the kind is our guess
    LabelHistogram values;  ///< the values as they stand in the files, the ignored one left out
    uint64_t distinct = 0;  ///< different label values, 0 included; counting stops at LabelHistogram::most_values
    bool touching = false;  ///< different non-zero ids lie side by side or corner to corner
    std::vector<uint64_t> class_pixels;  ///< per class, after the gap between touching ids was carved
    uint64_t ignored_pixels = 0;
    std::vector<PixelPlace> foreground;  ///< some of the pixels that are neither 0 nor ignored, all as likely

    std::vector<std::string> words() const;     ///< sentences for a person: what was found and what training will do
    std::vector<std::string> problems() const;  ///< sentences about what may go wrong; empty when all is well
};

/// Streams all labels, in bands: memory does not depend on their size. `kind` overrules the guess.
/// Throws Error(data) when there is one class only, when values are neither classes nor ids (gray values, labels
/// resized with interpolation), and when there are more than 255 classes; and what StackReader throws.
LabelSurvey survey_labels(const std::vector<StackPtr> &labels, std::optional<uint32_t> ignore,
                          std::optional<LabelKind> kind = {});

/// The same for labels that only judge: one class alone is no error, and no class either when every pixel is ignored.
LabelSurvey describe_labels(const std::vector<StackPtr> &labels, std::optional<uint32_t> ignore,
                            std::optional<LabelKind> kind = {});

/// Classes of a window of ids that is one pixel larger on every side than the result: touching instances are parted by
/// one pixel of background on either side. Pixels touch by side or by corner, so that the cells are apart for 4- and
/// 8-connected components alike. Throws Error(data) for a value that the scheme does not know.
Classes to_classes(const Ids &ids_with_rim, const LabelScheme &scheme);

/// The cells of the same window, for distances between them: instances by their ids, parted as above; of classes and
/// binary labels the 4-connected components of each value but that of class 0. 0 elsewhere. Parts that meet only
/// outside the window are cells of their own.
Ids to_cells(const Ids &ids_with_rim, const LabelScheme &scheme);

/// Classes of ids as they are labelled, with no gap between touching instances: for scores. Same size as `ids`.
Classes to_classes_as_labelled(const Ids &ids, const LabelScheme &scheme);

}  // namespace unet
