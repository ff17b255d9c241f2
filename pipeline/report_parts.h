// What the reports of `train` and `evaluate` share.
#pragma once
#include "src/report/html_report.h"
#include "src/sample/labels.h"
#include "src/score/confusion.h"
#include <functional>
#include <optional>

namespace unet {

/// Class names for a reader: "label 255" where a scheme knows a number only.
std::vector<std::string> readable_names(const LabelScheme &scheme);

/// counts[truth][predicted].
std::vector<std::vector<uint64_t>> confusion_counts(const Confusion &confusion);

/// "0.8731", or a dash.
std::string score_text(const std::optional<double> &score);

/// "cells.tif, slice 3"; the slice where there are several.
std::string slice_name(const LazyStack &stack, int page);

/// "a.tif, b.tif and 3 more".
std::string paths_text(const std::vector<std::string> &paths);

/// A heading, and pictures of up to `count` slices, as many as keep the page below some 10 MB. draw(i) is called for
/// one after the other.
void add_slices(HtmlReport &report, const LabelScheme &scheme, int count, const std::function<ReportSlice(int)> &draw);

/// The confusion matrix with its heading; nothing where there are too many classes for a page.
void add_confusion(HtmlReport &report, const std::vector<std::string> &names,
                   const std::vector<std::vector<uint64_t>> &counts, const std::string &note);

}  // namespace unet
