#include "tune/tune_report.h"
#include <fmt/format.h>

namespace unet {

namespace {

bool peaks_are_known(const TuneReport &report) { return report.peaks.gflops > 0; }

/// Share of the peak that bounds the kernel: of multiply-adds, or of memory where it does not multiply.
double share_of_peak(const TuneReport &report, const KernelFindings &kernel, double seconds) {
    const KernelWork &work = report.work.at(kernel.kernel);
    if (seconds <= 0) return 0;
    if (work.multiply_adds > 0) return 2e-9 * work.multiply_adds / seconds / report.peaks.gflops;
    return 1e-9 * work.bytes / seconds / report.peaks.gbs;
}

/// "37 %", or where no peak is known how fast it is: "410 GFLOP/s", "32 GB/s".
std::string speed_text(const TuneReport &report, const KernelFindings &kernel, double seconds) {
    if (peaks_are_known(report)) return fmt::format("{:.0f} %", 100 * share_of_peak(report, kernel, seconds));
    const KernelWork &work = report.work.at(kernel.kernel);
    if (seconds <= 0) return "";
    return work.multiply_adds > 0 ? fmt::format("{:.3g} GFLOP/s", 2e-9 * work.multiply_adds / seconds)
                                  : fmt::format("{:.3g} GB/s", 1e-9 * work.bytes / seconds);
}

std::string milliseconds(double seconds) { return fmt::format("{:.3f}", 1e3 * seconds); }

/// "faster knobs", "none of 19 is faster", "3 tried, no time for more".
std::string verdict(const KernelFindings &kernel) {
    const size_t tried = kernel.trials.size();
    if (!kernel.finished) return fmt::format("{} tried, no time for more", tried);
    return kernel.changed() ? fmt::format("best of {}", tried + 1) : fmt::format("none of {} is faster", tried);
}

std::vector<std::string> columns(const TuneReport &report) {
    const std::string speed = peaks_are_known(report) ? "of peak " : "speed ";
    return {"kernel",         "calls",         "ms before",    "ms after",    "gain",
            speed + "before", speed + "after", "knobs before", "knobs after", "search"};
}

std::vector<std::string> row(const TuneReport &report, const KernelFindings &kernel) {
    return {kernel.kernel,
            std::to_string(report.work.at(kernel.kernel).calls),
            milliseconds(kernel.seconds_before),
            milliseconds(kernel.seconds_after),
            percent_text(kernel.gain()),
            speed_text(report, kernel, kernel.seconds_before),
            speed_text(report, kernel, kernel.seconds_after),
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
    std::vector<size_t> widths(table.front().size());
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

constexpr const char *speed_note =
    "Two operations for each multiply-add, counted by the definition, padding included, or the bytes that a kernel "
    "which does not multiply reads and writes at least. Times are those of all calls of an inference and a training "
    "step together, with the buffers on the device, each the shortest of several in turn.";

}  // namespace

std::string report_text(const TuneReport &report) {
    std::string text = report.head.measured + "\n";
    if (peaks_are_known(report))
        text += fmt::format("peak of multiply-adds here: {:.1f} GFLOP/s; of memory: {:.1f} GB/s\n", report.peaks.gflops,
                            report.peaks.gbs);
    text += "\n";
    std::vector<std::vector<std::string>> table = rows(report);
    table.insert(table.begin(), columns(report));
    text += aligned(table) + "\n";
    if (!report.head.network.compared()) return text + "network        " + not_compared_text(report.head) + "\n";
    for (const Fact &fact : network_facts(report.head.network))
        text += fmt::format("{:<14} {}; the same bytes\n", fact.name, fact.value);
    return text;
}

std::string report_html(const TuneReport &report) {
    HtmlReport page("unetflow-tune: " + report.head.machine + ", " + report.head.target, report.head.measured);
    if (report.head.network.compared()) page.key_figures(network_facts(report.head.network));
    else page.section("Network", not_compared_text(report.head));
    page.section("Kernels", peaks_are_known(report) ? peak_note : speed_note);
    page.table({columns(report), rows(report)});
    page.section("All that was tried", "Gains are those over the best before, in the order of the search.");
    HtmlTable trials{{"kernel", "knobs", "result"}, {}};
    for (const KernelFindings &kernel : report.findings.kernels)
        for (const Trial &trial : kernel.trials)
            trials.rows.push_back({kernel.kernel, knobs_text(trial.knobs), result_text(trial)});
    page.table(trials);
    page.section("Machine");
    std::vector<Fact> facts = report.machine;
    if (peaks_are_known(report)) {
        facts.push_back({"peak of multiply-adds", fmt::format("{:.1f} GFLOP/s", report.peaks.gflops)});
        facts.push_back({"peak of memory", fmt::format("{:.1f} GB/s", report.peaks.gbs)});
    }
    facts.push_back({"minutes", fmt::format("{:.1f} of {:g}", report.findings.seconds / 60, report.minutes)});
    page.facts(facts);
    return page.finish();
}

}  // namespace unet
