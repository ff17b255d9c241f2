// What a survey of labels found, for a person.
#include "src/sample/label_guess.h"
#include "src/sample/labels.h"
#include <fmt/format.h>
#include <numeric>

namespace unet {

namespace {

std::string percent(uint64_t part, uint64_t whole) {
    const double share = whole ? 100.0 * double(part) / double(whole) : 0;
    if (part && share < 0.1) return fmt::format("{:.2g} %", share);
    return fmt::format("{:.1f} %", share);
}

uint64_t labelled_pixels(const LabelSurvey &survey) {
    return std::accumulate(survey.class_pixels.begin(), survey.class_pixels.end(), uint64_t(0));
}

std::string ids_found(const LabelSurvey &survey) {
    const ObjectFacts facts = object_facts(survey.values);
    const uint64_t background = survey.values.counts().count(0);
    return fmt::format(
        "Labels: instance ids, {}{} different ones besides 0, each mostly one cell ({:.0f} % are in one piece); "
        "0 is {}.",
        survey.values.complete() ? "" : "more than ", survey.distinct - background, 100 * facts.whole_share,
        background ? "background" : "nowhere");
}

std::string what_was_found(const LabelSurvey &survey) {
    const auto names = survey.scheme.class_names();
    switch (survey.scheme.kind) {
    case LabelKind::instances: return ids_found(survey);
    case LabelKind::binary: return fmt::format("Labels: two values, {} and {}.", names[0], names[1]);
    case LabelKind::classes: break;
    }
    std::string list = names[0];
    for (size_t i = 1; i < names.size(); i++) list += (i + 1 < names.size() ? ", " : " and ") + names[i];
    return fmt::format("Labels: class ids, the values {}.", list);
}

std::string shares(const LabelSurvey &survey) {
    const auto names = survey.scheme.class_names();
    std::string line = fmt::format("Training: {} classes.", names.size());
    for (size_t c = 0; c < names.size(); c++)
        line += fmt::format(" Class {} is {}{}, {} of the pixels.", c,
                            survey.scheme.kind == LabelKind::instances ? "" : "the value ", names[c],
                            percent(survey.class_pixels[c], labelled_pixels(survey)));
    return line;
}

std::string ignored_words(uint32_t id) {
    return id == unsure_id ? "Background outside the field of interest" : fmt::format("The value {}", id);
}

}  // namespace

std::vector<std::string> LabelSurvey::words() const {
    std::vector<std::string> words{what_was_found(*this), shares(*this)};
    if (scheme.kind == LabelKind::instances)
        words.push_back(
            touching
                ? "Different ids touch: a gap of background, one pixel on either side, is carved between them, so that "
                  "there is a border to learn."
                : "Different ids nowhere touch: there is background between all cells already.");
    if (scheme.ignore)
        words.push_back(fmt::format("{} is ignored: {} of all pixels.", ignored_words(*scheme.ignore),
                                    percent(ignored_pixels, ignored_pixels + labelled_pixels(*this))));
    if (guessed && scheme.kind != LabelKind::binary)
        words.push_back(fmt::format("That these are {} is a guess from the shapes; --label-kind {} overrules it.",
                                    scheme.kind == LabelKind::classes ? "classes" : "instances",
                                    scheme.kind == LabelKind::classes ? "instances" : "classes"));
    return words;
}

std::vector<std::string> LabelSurvey::problems() const {
    std::vector<std::string> problems;
    const auto names = scheme.class_names();
    for (size_t c = 0; c < names.size(); c++)
        if (class_pixels[c] * 1000 < labelled_pixels(*this))
            problems.push_back(
                fmt::format("Class {} ({}) covers only {} of the pixels; label more of it, or expect it to be missed.",
                            c, names[c], percent(class_pixels[c], labelled_pixels(*this))));
    if (scheme.ignore && !ignored_pixels)
        problems.push_back(ignored_words(*scheme.ignore) + " that is to be ignored does not occur.");
    if (scheme.kind == LabelKind::instances && guessed && values.counts().size() <= 9)
        problems.push_back(
            "There are so few different values that they may be classes; say --label-kind classes if they are.");
    return problems;
}

}  // namespace unet
