// Line charts as HTML with inline SVG.
#pragma once
#include "src/report/curve.h"
#include "src/report/scale.h"
#include <optional>
#include <string>
#include <vector>

namespace unet {

constexpr size_t most_points = 800;  ///< of a series that are drawn, a few on each pixel column of a wide chart

struct Series {
    enum class Look { line, faint };

    std::string name;           ///< for the legend
    std::vector<Point> points;  ///< by x; a y that is no finite number is left out
    int colour = 0;             ///< one of series_colours; 0 blue, 1 orange, ...
    Look look = Look::line;
};

constexpr int series_colours = 7;

/// A vertical line with words.
struct Mark {
    double x = 0;
    std::string text;
};

struct Chart {
    std::string title;
    std::string note;     ///< beside the title; may be empty
    std::string x_label;  ///< "step"
    std::vector<Series> series;
    Scale::Kind kind = Scale::Kind::linear;             ///< of the y axis
    std::optional<std::pair<double, double>> y_within;  ///< what y can be: the axis does not reach beyond
    std::optional<Mark> mark;
    std::optional<std::pair<double, double>> x_range = {};  ///< of the x axis; nothing: that of the points
};

/// Axes, lines, legend. A series of more than `most_points` is thinned, and what it reaches is a pale band behind it;
/// one of few points has dots. Empty when no series has a point.
std::string chart_html(const Chart &chart);

}  // namespace unet
