#include "src/sample/labels.h"
#include "src/base/error.h"
#include "src/sample/label_guess.h"
#include "src/sample/pieces.h"
#include "src/sample/windows.h"
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace unet {

namespace {

constexpr size_t most_classes = 255;  // 255 itself means `ignored`

// Does a neighbour of (x, y), by side or corner, belong to another instance?
bool touches_another(const Ids &ids, int x, int y, const std::optional<uint32_t> &ignore) {
    const uint32_t own = ids(x, y);
    for (int dy = -1; dy <= 1; dy++) {
        const uint32_t *row = ids.row(y + dy) + x;
        for (int dx = -1; dx <= 1; dx++)
            if (row[dx] != own && row[dx] != 0 && row[dx] != ignore) return true;
    }
    return false;
}

// Looks up classes of values; neighbours are mostly equal, so the last answer is kept.
class ClassOf {
public:
    explicit ClassOf(const LabelScheme &scheme) : scheme_(scheme) {}

    uint8_t operator()(uint32_t value) {
        if (value != last_value_ || !known_) {
            last_class_ = find(value);
            last_value_ = value;
            known_ = true;
        }
        return last_class_;
    }

private:
    uint8_t find(uint32_t value) const {
        if (value == scheme_.ignore) return ignored;
        if (scheme_.kind == LabelKind::instances) return value != 0;
        const auto place = std::lower_bound(scheme_.values.begin(), scheme_.values.end(), value);
        if (place == scheme_.values.end() || *place != value)
            throw Error(Exit::data,
                        fmt::format("labels: the value {} is none of the classes {}; is this label file of the same "
                                    "kind as the others?",
                                    value, fmt::join(scheme_.values, ", ")));
        return uint8_t(place - scheme_.values.begin());
    }

    const LabelScheme &scheme_;
    uint32_t last_value_ = 0;
    uint8_t last_class_ = 0;
    bool known_ = false;
};

// What the stream over all labels counts.
struct Counts {
    LabelHistogram values;
    uint64_t cell = 0, parted = 0, background = 0, ignored_pixels = 0;  // as instances
    PlaceReservoir foreground;
};

void count_window(const Ids &ids_with_rim, const LabelScheme &as_instances, Counts &counts) {
    const Ids ids = without_rim(ids_with_rim, 1);
    counts.values.add(ids, as_instances.ignore ? &*as_instances.ignore : nullptr);
    const Classes carved = to_classes(ids_with_rim, as_instances);
    for (size_t i = 0; i < ids.values.size(); i++) {
        const uint8_t c = carved.values[i];
        counts.ignored_pixels += c == ignored;
        counts.cell += c == 1;
        counts.background += c == 0;
        counts.parted += c == 0 && ids.values[i] != 0;
    }
}

// `corner`: of the window without its rim.
void keep_foreground(const Ids &ids_with_rim, const LabelScheme &scheme, PixelPlace corner, PlaceReservoir &kept) {
    for (int y = 1; y < ids_with_rim.height - 1; y++)
        for (int x = 1; x < ids_with_rim.width - 1; x++) {
            const uint32_t id = ids_with_rim(x, y);
            if (id && id != scheme.ignore) kept.see({corner.stack, corner.page, corner.x + x - 1, corner.y + y - 1});
        }
}

Counts count_all(const std::vector<StackPtr> &labels, const LabelScheme &as_instances) {
    Counts counts;
    for (size_t i = 0; i < labels.size(); i++)
        for_each_window(labels[i]->shape(), [&](int page, Rect window) {
            const Ids ids_with_rim = labels[i]->read_ids_mirrored(page, grown(window, 1));
            count_window(ids_with_rim, as_instances, counts);
            keep_foreground(ids_with_rim, as_instances, {int(i), page, window.x, window.y}, counts.foreground);
        });
    return counts;
}

std::string name_of(const std::vector<StackPtr> &labels) {
    const std::string more = labels.size() > 1 ? fmt::format(" and {} more", labels.size() - 1) : "";
    return labels.empty() ? "labels" : labels.front()->name() + more;
}

[[noreturn]] void refuse(const std::string &name, const std::string &fact_and_remedy) {
    throw Error(Exit::data, name + ": " + fact_and_remedy);
}

// The kind asked for must be able to hold the values found.
void check_kind(const LabelSurvey &survey, const std::string &name) {
    if (survey.scheme.kind == LabelKind::binary && survey.distinct > 2)
        refuse(name, fmt::format("{} different values are not binary; say --label-kind classes or instances",
                                 survey.distinct));
    if (survey.scheme.kind == LabelKind::classes && (survey.distinct > most_classes || !survey.values.complete()))
        refuse(name,
               fmt::format("{} different values are more than the {} classes allowed; are they ids? Say --label-kind "
                           "instances",
                           survey.distinct, most_classes));
}

void check_learnable(const LabelSurvey &survey, const std::string &name) {
    if (survey.distinct == 0) refuse(name, "every pixel is ignored; nothing can be learned");
    if (survey.scheme.kind == LabelKind::instances) {
        if (!survey.class_pixels[1]) refuse(name, "there is no cell, only background; label some");
        if (!survey.class_pixels[0])
            refuse(name, "one cell covers everything, there is no background; one class cannot be learned");
    } else if (survey.scheme.values.size() < 2) {
        refuse(name, fmt::format("every labelled pixel has the value {}; one class only cannot be learned",
                                 survey.scheme.values[0]));
    }
}

}  // namespace

LabelKind label_kind(const std::string &word) {
    for (const LabelKind kind : {LabelKind::binary, LabelKind::classes, LabelKind::instances})
        if (word == kind_name(kind)) return kind;
    throw Error(Exit::usage, "label kind: '" + word + "' is unknown; say binary, classes or instances");
}

std::string kind_name(LabelKind kind) {
    return kind == LabelKind::binary ? "binary" : kind == LabelKind::classes ? "classes" : "instances";
}

std::vector<std::string> LabelScheme::class_names() const {
    if (kind == LabelKind::instances) return {"background", "cell"};
    std::vector<std::string> names;
    for (const uint32_t value : values) names.push_back(std::to_string(value));
    return names;
}

LabelSurvey describe_labels(const std::vector<StackPtr> &labels, std::optional<uint32_t> ignore,
                            std::optional<LabelKind> kind) {
    Counts counts = count_all(labels, {.kind = LabelKind::instances, .values = {}, .ignore = ignore});
    LabelSurvey survey;
    survey.guessed = !kind;
    survey.scheme = {.kind = kind ? *kind : guess_kind(counts.values, name_of(labels)), .values = {}, .ignore = ignore};
    survey.distinct = counts.values.counts().size();
    survey.touching = counts.parted > 0;
    survey.ignored_pixels = counts.ignored_pixels;
    survey.foreground = counts.foreground.places();
    survey.values = std::move(counts.values);
    check_kind(survey, name_of(labels));
    if (survey.scheme.kind == LabelKind::instances) {
        survey.class_pixels = {counts.background, counts.cell};
    } else {
        survey.scheme.values = survey.values.values();
        for (const uint32_t value : survey.scheme.values)
            survey.class_pixels.push_back(survey.values.counts().at(value).pixels);
    }
    return survey;
}

LabelSurvey survey_labels(const std::vector<StackPtr> &labels, std::optional<uint32_t> ignore,
                          std::optional<LabelKind> kind) {
    LabelSurvey survey = describe_labels(labels, ignore, kind);
    check_learnable(survey, name_of(labels));
    return survey;
}

Classes to_classes_as_labelled(const Ids &ids, const LabelScheme &scheme) {
    Classes classes(1, ids.width, ids.height);
    ClassOf class_of(scheme);
    std::transform(ids.values.begin(), ids.values.end(), classes.values.begin(),
                   [&](uint32_t id) { return class_of(id); });
    return classes;
}

Classes to_classes(const Ids &ids_with_rim, const LabelScheme &scheme) {
    Classes classes = to_classes_as_labelled(without_rim(ids_with_rim, 1), scheme);
    if (scheme.kind != LabelKind::instances) return classes;
    for (int y = 0; y < classes.height; y++)
        for (int x = 0; x < classes.width; x++)
            if (classes(x, y) == 1 && touches_another(ids_with_rim, x + 1, y + 1, scheme.ignore)) classes(x, y) = 0;
    return classes;
}

Ids to_cells(const Ids &ids_with_rim, const LabelScheme &scheme) {
    Ids cells = without_rim(ids_with_rim, 1);
    const Classes classes = to_classes(ids_with_rim, scheme);
    for (size_t i = 0; i < cells.values.size(); i++)
        if (classes.values[i] == 0 || classes.values[i] == ignored) cells.values[i] = 0;
        else if (scheme.kind != LabelKind::instances) cells.values[i] = classes.values[i];
    return scheme.kind == LabelKind::instances ? cells : connected_components(cells, Touching::by_side);
}

}  // namespace unet
