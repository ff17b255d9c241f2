#include "src/report/html_report.h"
#include "generated/report_assets.h"
#include "src/report/html_text.h"
#include "src/report/png_file.h"
#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace unet {

namespace {

/// base64 of a hash that is written in hexadecimal.
std::string base64_of_hex(std::string_view hex) {
    std::string bytes;
    for (size_t i = 0; i + 1 < hex.size(); i += 2) bytes += char(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
    return base64(bytes);
}

/// Nothing is loaded, and no script runs but the one whose hash stands here, should words ever get out of their place.
std::string policy() {
    return fmt::format("default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{}'",
                       base64_of_hex(report_script_sha256));
}

std::string head(const std::string &title) {
    return fmt::format("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                       "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\"/>\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                       "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
                       "<title>{}</title>\n<style>\n{}</style>\n</head>\n",
                       policy(), escaped(title), report_style);
}

bool is_gray(const Array<uint8_t> &rgb) {
    for (size_t i = 0; i + 2 < rgb.values.size(); i += 3)
        if (rgb.values[i] != rgb.values[i + 1] || rgb.values[i] != rgb.values[i + 2]) return false;
    return true;
}

/// A third of the bytes where the picture has no colour.
Array<uint8_t> smallest_form(const Array<uint8_t> &rgb) {
    if (!is_gray(rgb)) return rgb;
    Array<uint8_t> gray(1, rgb.width, rgb.height);
    for (size_t i = 0; i < gray.values.size(); i++) gray.values[i] = rgb.values[3 * i];
    return gray;
}

std::string swatches(const std::vector<LegendEntry> &legend) {
    std::string html;
    for (const auto &[colour, text] : legend)
        html += fmt::format("<li><i style=\"background:rgb({},{},{})\"></i>{}</li>", colour.red, colour.green,
                            colour.blue, escaped(text));
    return html.empty() ? html : "<ul class=\"swatches\">" + html + "</ul>";
}

std::string panel_html(const Panel &panel, const std::string &slice) {
    return fmt::format("<figure><div class=\"frame\"><img alt=\"{}\" width=\"{}\" height=\"{}\" "
                       "src=\"data:image/png;base64,{}\"/></div><figcaption>{}{}</figcaption></figure>\n",
                       escaped(panel.caption + ", " + slice), panel.rgb.width, panel.rgb.height,
                       base64(png_bytes(smallest_form(panel.rgb))), escaped(panel.caption), swatches(panel.legend));
}

std::string list_of(const char *style, const std::vector<Fact> &facts) {
    std::string html = fmt::format("<dl class=\"{}\">", style);
    for (const auto &[name, value] : facts)
        html += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", escaped(name), escaped(value));
    return html + "</dl>\n";
}

/// "1 234 567", with thin spaces that do not break.
std::string grouped(uint64_t number) {
    std::string digits = std::to_string(number);
    for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, "\u202F");
    return digits;
}

std::string confusion_cell(uint64_t count, double share, bool right) {
    return fmt::format("<td class=\"{}{}\" style=\"--share:{:.4f}\"><b>{:.1f} %</b><small>{}</small></td>",
                       right ? "right" : "wrong", share > 0.5 ? " strong" : "", share, 100 * share, grouped(count));
}

}  // namespace

HtmlReport::HtmlReport(const std::string &title, const std::string &lead) {
    html_ = head(title) +
            fmt::format("<body>\n<header><h1>{}</h1><p>{}</p></header>\n<main>\n", escaped(title), escaped(lead));
}

void HtmlReport::key_figures(const std::vector<Fact> &facts) { html_ += list_of("key", facts); }

void HtmlReport::section(const std::string &title, const std::string &note) {
    html_ += in_section_ ? "</section>\n" : "";
    in_section_ = true;
    html_ += fmt::format("<section>\n<h2>{}</h2>\n", escaped(title));
    if (!note.empty()) html_ += fmt::format("<p class=\"note\">{}</p>\n", escaped(note));
}

void HtmlReport::charts(const std::vector<Chart> &charts) {
    html_ += "<div class=\"charts\">\n";
    for (const Chart &chart : charts) html_ += chart_html(chart);
    html_ += "</div>\n";
}

void HtmlReport::facts(const std::vector<Fact> &facts) { html_ += list_of("facts", facts); }

void HtmlReport::sentences(const std::vector<std::string> &sentences) {
    html_ += "<ul class=\"sentences\">";
    for (const std::string &sentence : sentences) html_ += fmt::format("<li>{}</li>", escaped(sentence));
    html_ += "</ul>\n";
}

void HtmlReport::table(const HtmlTable &table) {
    html_ += fmt::format("<div class=\"scroll\" tabindex=\"0\"><table class=\"scores{}\"><thead><tr>",
                         table.with_total ? " with-total" : "");
    for (const std::string &name : table.head) html_ += fmt::format("<th scope=\"col\">{}</th>", escaped(name));
    html_ += "</tr></thead><tbody>\n";
    for (const std::vector<std::string> &row : table.rows) {
        html_ += "<tr>";
        for (size_t i = 0; i < row.size(); i++)
            html_ += i == 0 ? fmt::format("<th scope=\"row\">{}</th>", escaped(row[i]))
                            : fmt::format("<td>{}</td>", escaped(row[i]));
        html_ += "</tr>\n";
    }
    html_ += "</tbody></table></div>\n";
}

void HtmlReport::times(const std::vector<std::pair<std::string, double>> &seconds, double whole) {
    html_ += "<div class=\"scroll\" tabindex=\"0\"><table class=\"times\"><thead><tr><th scope=\"col\">stage</th>"
             "<th scope=\"col\">seconds</th><th scope=\"col\">share</th><th "
             "aria-hidden=\"true\"></th></tr></thead><tbody>\n";
    for (const auto &[name, value] : seconds) {
        const double percent = whole > 0 ? 100 * value / whole : 0;
        html_ += fmt::format("<tr><th scope=\"row\">{}</th><td>{:.2f}</td><td>{:.1f} %</td>"
                             "<td class=\"bar\"><i style=\"width:{:.1f}%\"></i></td></tr>\n",
                             escaped(name), value, percent, std::clamp(percent, 0.0, 100.0));
    }
    html_ += "</tbody></table></div>\n";
}

void HtmlReport::confusion(const std::vector<std::string> &classes, const std::vector<std::vector<uint64_t>> &counts) {
    html_ += "<div class=\"scroll\" tabindex=\"0\"><table class=\"confusion\"><thead><tr><td></td>";
    for (const std::string &name : classes)
        html_ += fmt::format("<th scope=\"col\"><small>predicted</small> {}</th>", escaped(name));
    html_ += "</tr></thead><tbody>\n";
    for (size_t truth = 0; truth < counts.size(); truth++) {
        const uint64_t sum = std::accumulate(counts[truth].begin(), counts[truth].end(), uint64_t(0));
        html_ += fmt::format("<tr><th scope=\"row\"><small>true</small> {}</th>", escaped(classes.at(truth)));
        for (size_t predicted = 0; predicted < counts[truth].size(); predicted++) {
            const uint64_t count = counts[truth][predicted];
            html_ += confusion_cell(count, sum ? double(count) / double(sum) : 0, truth == predicted);
        }
        html_ += "</tr>\n";
    }
    html_ += "</tbody></table></div>\n";
}

void HtmlReport::begin_slices(const std::vector<LegendEntry> &legend) {
    html_ += "<div class=\"slices\">" + swatches(legend) +
             "<div class=\"controls\" hidden=\"hidden\"><button type=\"button\" aria-label=\"previous "
             "slice\">\u2039</button>"
             "<input type=\"range\" min=\"0\" value=\"0\" aria-label=\"slice\"/>"
             "<button type=\"button\" aria-label=\"next slice\">\u203A</button><output></output></div>\n";
}

size_t HtmlReport::add_slice(const ReportSlice &slice) {
    const size_t before = html_.size();
    html_ += fmt::format("<div class=\"slice\"><h3>{}</h3><div class=\"panels\">\n", escaped(slice.caption));
    for (const Panel &panel : slice.panels) html_ += panel_html(panel, slice.caption);
    html_ += "</div></div>\n";
    return html_.size() - before;
}

void HtmlReport::end_slices() { html_ += "</div>\n"; }

std::string HtmlReport::finish() {
    if (in_section_) html_ += "</section>\n";
    html_ += fmt::format("</main>\n<script>{}</script>\n</body>\n</html>\n", report_script);
    return std::move(html_);
}

}  // namespace unet
