#include "src/report/chart.h"
#include "src/report/html_text.h"
#include <algorithm>
#include <fmt/format.h>

namespace unet {

namespace {

constexpr double width = 1000, height = 500;  // units of the drawing, which is stretched over the plot
constexpr size_t most_dots = 30;              // a series of more points is a line alone

struct Drawn {
    const Series *series;
    ThinnedCurve curve;
};

struct Axes {
    Scale x, y;

    /// A place on the drawing, to a hundredth of a unit.
    std::string at(double px, double py) const {
        return fmt::format("{:.6g} {:.6g}", width * x.place(px), height * (1 - y.place(py)));
    }
};

/// Least and greatest of all that is drawn.
struct Reach {
    double x0 = 1e300, x1 = -1e300, y0 = 1e300, y1 = -1e300;

    void add(double x, double y) {
        x0 = std::min(x0, x);
        x1 = std::max(x1, x);
        y0 = std::min(y0, y);
        y1 = std::max(y1, y);
    }
};

Axes axes_of(const Chart &chart, const std::vector<Drawn> &all) {
    Reach reach;
    for (const Drawn &drawn : all) {
        for (const Point &point : drawn.curve.points) reach.add(point.x, point.y);
        for (const Span &span : drawn.curve.spans) {
            reach.add(span.x, span.least);
            reach.add(span.x, span.greatest);
        }
    }
    Scale y(reach.y0, reach.y1, chart.kind);
    if (chart.y_within && (y.first() < chart.y_within->first || y.last() > chart.y_within->second))
        y = Scale::exactly(std::max(y.first(), chart.y_within->first), std::min(y.last(), chart.y_within->second));
    const auto [x0, x1] = chart.x_range.value_or(std::pair(reach.x0, reach.x1));
    return {Scale::exactly(x0, x1), y};
}

std::string line_path(const Axes &axes, const std::vector<Point> &points) {
    std::string path;
    for (const Point &point : points) path += (path.empty() ? 'M' : 'L') + axes.at(point.x, point.y);
    return path;
}

std::string dots_path(const Axes &axes, const std::vector<Point> &points) {
    std::string path;
    for (const Point &point : points) path += 'M' + axes.at(point.x, point.y) + "h0";
    return path;
}

/// Along the upper side, and back along the lower one.
std::string band_path(const Axes &axes, const std::vector<Span> &spans) {
    std::string path;
    for (const Span &span : spans) path += (path.empty() ? 'M' : 'L') + axes.at(span.x, span.greatest);
    for (auto span = spans.rbegin(); span != spans.rend(); ++span) path += 'L' + axes.at(span->x, span->least);
    return path + 'Z';
}

std::string path_html(const std::string &classes, const std::string &path, const std::string &name = "") {
    const std::string data = name.empty() ? "" : fmt::format(" data-name=\"{}\"", escaped(name));
    return fmt::format("<path class=\"{}\"{} d=\"{}\"/>", classes, data, path);
}

std::string series_html(const Axes &axes, const Drawn &drawn) {
    const Series &series = *drawn.series;
    const auto classes = [&](const char *what) { return fmt::format("{} c{}", what, series.colour % series_colours); };
    std::string html;
    if (!drawn.curve.spans.empty()) html += path_html(classes("band"), band_path(axes, drawn.curve.spans));
    const bool faint = series.look == Series::Look::faint;
    html += path_html(classes(faint ? "faint" : "line"), line_path(axes, drawn.curve.points), series.name);
    if (drawn.curve.points.size() <= most_dots && !faint)
        html += path_html(classes("dots"), dots_path(axes, drawn.curve.points));
    return html;
}

std::string grid_html(const Axes &axes) {
    std::string path;
    for (const double tick : axes.y.ticks())
        path += fmt::format("M0 {:.6g}H{}", height * (1 - axes.y.place(tick)), width);
    return path_html("grid", path);
}

std::string ticks_html(const Axes &axes) {
    std::string html;
    for (const double tick : axes.y.ticks())
        html += fmt::format("<span class=\"y tick\" style=\"top:{:.2f}%\">{}</span>", 100 * (1 - axes.y.place(tick)),
                            tick_text(tick));
    for (const double tick : axes.x.ticks())
        html += fmt::format("<span class=\"x tick\" style=\"left:{:.2f}%\">{}</span>", 100 * axes.x.place(tick),
                            tick_text(tick));
    return html;
}

std::string mark_html(const Axes &axes, const Mark &mark) {
    const double left = 100 * axes.x.place(mark.x);
    return fmt::format("<span class=\"mark{}\" style=\"left:{:.2f}%\"><span>{}</span></span>", left > 50 ? " late" : "",
                       left, escaped(mark.text));
}

std::string legend_html(const std::vector<Drawn> &all) {
    std::string html = "<ul class=\"legend\">";
    for (const Drawn &drawn : all)
        html += fmt::format("<li class=\"c{}{}\">{}</li>", drawn.series->colour % series_colours,
                            drawn.series->look == Series::Look::faint ? " thin" : "", escaped(drawn.series->name));
    return html + "</ul>";
}

/// What the chart shows, for those who do not see it.
std::string words(const Chart &chart, const std::vector<Drawn> &all) {
    std::string text = chart.title + ".";
    for (const Drawn &drawn : all) {
        const Point &first = drawn.curve.points.front(), &last = drawn.curve.points.back();
        text += fmt::format(" {}: {:.4g} at {} {:.6g}, {:.4g} at {} {:.6g}.", drawn.series->name, first.y,
                            chart.x_label, first.x, last.y, chart.x_label, last.x);
    }
    return text;
}

}  // namespace

std::string chart_html(const Chart &chart) {
    std::vector<Drawn> all;
    for (const Series &series : chart.series) {
        ThinnedCurve curve = thinned(series.points, most_points);
        if (!curve.points.empty()) all.push_back({&series, std::move(curve)});
    }
    if (all.empty()) return {};
    const Axes axes = axes_of(chart, all);
    std::string html = fmt::format("<figure class=\"chart\"><figcaption>{}<small>{}</small></figcaption>\n",
                                   escaped(chart.title), escaped(chart.note));
    html +=
        fmt::format("<div class=\"plot\" tabindex=\"0\" role=\"img\" aria-label=\"{}\" data-x=\"{}\" "
                    "data-range=\"{:.9g} {:.9g} {:.9g} {:.9g}\" data-kind=\"{}\">",
                    escaped(words(chart, all)), escaped(chart.x_label), axes.x.first(), axes.x.last(), axes.y.first(),
                    axes.y.last(), axes.y.kind() == Scale::Kind::logarithmic ? "logarithmic" : "linear");
    html += fmt::format("<svg viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">", width, height);
    html += grid_html(axes);
    for (const Drawn &drawn : all) html += series_html(axes, drawn);
    html += "</svg>" + ticks_html(axes);
    if (chart.mark) html += mark_html(axes, *chart.mark);
    return html + fmt::format("</div>\n<p class=\"x-label\">{}</p>\n", escaped(chart.x_label)) + legend_html(all) +
           "</figure>\n";
}

}  // namespace unet
