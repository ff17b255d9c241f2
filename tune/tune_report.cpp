#include "tune/tune_report.h"
#include <fmt/format.h>

namespace unet {

namespace {

/// Share of the peak that bounds the kernel: of multiply-adds, or of memory where it does not multiply.
double share_of_peak(const TuneReport &report, const KernelFindings &kernel, double seconds) {
    const KernelWork &work = report.work.at(kernel.kernel);
    if (seconds <= 0) return 0;
    if (work.multiply_adds > 0) return 2e-9 * work.multiply_adds / seconds / report.peaks.gflops;
    return 1e-9 * work.bytes / seconds / report.peaks.gbs;
}

std::string share_text(double share) { return fmt::format("{:.0f} %", 100 * share); }
std::string milliseconds(double seconds) { return fmt::format("{:.3f}", 1e3 * seconds); }

/// "faster knobs", "none of 19 is faster", "3 tried, no time for more".
std::string verdict(const KernelFindings &kernel) {
    const size_t tried = kernel.trials.size();
    if (!kernel.finished) return fmt::format("{} tried, no time for more", tried);
    return kernel.changed() ? fmt::format("best of {}", tried + 1) : fmt::format("none of {} is faster", tried);
}

const std::vector<std::string> columns{"kernel",         "calls",         "ms before",    "ms after",    "gain",
                                       "of peak before", "of peak after", "knobs before", "knobs after", "search"};

std::vector<std::string> row(const TuneReport &report, const KernelFindings &kernel) {
    return {kernel.kernel,
            std::to_string(report.work.at(kernel.kernel).calls),
            milliseconds(kernel.seconds_before),
            milliseconds(kernel.seconds_after),
            percent_text(kernel.gain()),
            share_text(share_of_peak(report, kernel, kernel.seconds_before)),
            share_text(share_of_peak(report, kernel, kernel.seconds_after)),
            knobs_text(kernel.before),
            knobs_text(kernel.after),
            verdict(kernel)};
}

std::vector<std::vector<std::string>> rows(const TuneReport &report) {
    std::vector<std::vector<std::string>> rows;
    for (const KernelFindings &kernel : report.findings.kernels) rows.push_back(row(report, kernel));
    return rows;
}

std::string result_text(const Trial &trial) {
    if (!trial.refused.empty()) return "refused: " + trial.refused;
    return percent_text(trial.gain) + (trial.taken ? ", taken" : "");
}

std::string network_text(const InTurn &times) {
    return fmt::format("{:.2f} ms before, {:.2f} ms after: {}", 1e3 * times.first, 1e3 * times.second,
                       percent_text(times.gain()));
}

std::vector<Fact> network_facts(const NetworkTimes &network) {
    std::vector<Fact> facts{{"inference", network_text(network.inference)}};
    if (network.training.first > 0) facts.push_back({"training step", network_text(network.training)});
    return facts;
}

// The first column to the left, numbers to the right, words behind them to the left.
std::string aligned(const std::vector<std::vector<std::string>> &table) {
    constexpr size_t first_number = 1, first_words = 7;
    std::vector<size_t> widths(columns.size());
    for (const auto &row : table)
        for (size_t c = 0; c < row.size(); c++) widths[c] = std::max(widths[c], row[c].size());
    std::string text;
    for (const auto &row : table) {
        std::string line;
        for (size_t c = 0; c < row.size(); c++)
            line += c >= first_number && c < first_words ? fmt::format("{:>{}}  ", row[c], widths[c])
                                                         : fmt::format("{:<{}}  ", row[c], widths[c]);
        text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return text;
}

constexpr const char *peak_note =
    "Shares are those of the machine's peak of multiply-adds, of its memory for kernels that do not multiply. Work is "
    "counted by the definition, padding included; Winograd's form needs less, so its share may exceed 100 %, and so "
    "may that of what fits a cache. Times are "
    "those of all calls of an inference and a training step together, each the shortest of several in turn.";

}  // namespace

std::string report_text(const TuneReport &report) {
    std::string text = report.head.measured + "\n" +
                       fmt::format("peak of multiply-adds here: {:.1f} GFLOP/s; of memory: {:.1f} GB/s\n\n",
                                   report.peaks.gflops, report.peaks.gbs);
    std::vector<std::vector<std::string>> table = rows(report);
    table.insert(table.begin(), columns);
    text += aligned(table) + "\n";
    for (const Fact &fact : network_facts(report.head.network))
        text += fmt::format("{:<14} {}; the same bytes\n", fact.name, fact.value);
    return text;
}

std::string report_html(const TuneReport &report) {
    HtmlReport page("unetflow-tune: " + report.head.machine + ", " + report.head.target, report.head.measured);
    page.key_figures(network_facts(report.head.network));
    page.section("Kernels", peak_note);
    page.table({columns, rows(report)});
    page.section("All that was tried", "Gains are those over the best before, in the order of the search.");
    HtmlTable trials{{"kernel", "knobs", "result"}, {}};
    for (const KernelFindings &kernel : report.findings.kernels)
        for (const Trial &trial : kernel.trials)
            trials.rows.push_back({kernel.kernel, knobs_text(trial.knobs), result_text(trial)});
    page.table(trials);
    page.section("Machine");
    std::vector<Fact> facts = report.machine;
    facts.push_back({"peak of multiply-adds", fmt::format("{:.1f} GFLOP/s", report.peaks.gflops)});
    facts.push_back({"peak of memory", fmt::format("{:.1f} GB/s", report.peaks.gbs)});
    facts.push_back({"minutes", fmt::format("{:.1f} of {:g}", report.findings.seconds / 60, report.minutes)});
    page.facts(facts);
    return page.finish();
}

}  // namespace unet
