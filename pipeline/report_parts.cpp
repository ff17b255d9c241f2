#include "pipeline/report_parts.h"
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace unet {

namespace {

constexpr size_t most_picture_bytes = 9'000'000;
constexpr size_t most_matrix_classes = 24, most_legend_classes = 24, most_named_paths = 4;

bool is_number(const std::string &name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<LegendEntry> class_legend(const LabelScheme &scheme) {
    const std::vector<std::string> names = readable_names(scheme);
    std::vector<LegendEntry> legend;
    for (size_t c = 0; c < std::min(names.size(), most_legend_classes); c++)
        legend.push_back({class_colour(uint8_t(c), int(names.size())), names[c]});
    return legend;
}

}  // namespace

std::vector<std::string> readable_names(const LabelScheme &scheme) {
    std::vector<std::string> names = scheme.class_names();
    for (std::string &name : names)
        if (is_number(name)) name = "label " + name;
    return names;
}

std::vector<std::vector<uint64_t>> confusion_counts(const Confusion &confusion) {
    std::vector<std::vector<uint64_t>> counts(size_t(confusion.classes()));
    for (int truth = 0; truth < confusion.classes(); truth++)
        for (int predicted = 0; predicted < confusion.classes(); predicted++)
            counts[truth].push_back(confusion.count(truth, predicted));
    return counts;
}

std::string score_text(const std::optional<double> &score) { return score ? fmt::format("{:.4f}", *score) : "\u2013"; }

std::string slice_name(const LazyStack &stack, int page) {
    const std::string file = std::filesystem::path(stack.name()).filename().string();
    return stack.shape().pages == 1 ? file : fmt::format("{}, slice {}", file, page);
}

std::string paths_text(const std::vector<std::string> &paths) {
    if (paths.size() <= most_named_paths) return fmt::format("{}", fmt::join(paths, ", "));
    const auto first = paths.begin();
    return fmt::format("{} and {} more", fmt::join(first, first + most_named_paths, ", "),
                       paths.size() - most_named_paths);
}

void add_slices(HtmlReport &report, const LabelScheme &scheme, int count, const std::function<ReportSlice(int)> &draw) {
    report.begin_slices(class_legend(scheme));
    size_t bytes = 0, largest = 0;
    for (int i = 0; i < count && bytes + largest <= most_picture_bytes; i++) {
        const size_t added = report.add_slice(draw(i));
        bytes += added;
        largest = std::max(largest, added);
    }
    report.end_slices();
}

void add_confusion(HtmlReport &report, const std::vector<std::string> &names,
                   const std::vector<std::vector<uint64_t>> &counts, const std::string &note) {
    if (counts.empty() || counts.size() != names.size() || counts.size() > most_matrix_classes) return;
    report.section("Confusion matrix", note);
    report.confusion(names, counts);
}

}  // namespace unet
