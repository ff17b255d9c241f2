// A page that tells a run: one file, no network, readable without its script.
#pragma once
#include "src/report/chart.h"
#include "src/report/picture.h"
#include <cstdint>
#include <string>
#include <vector>

namespace unet {

/// A name and what it is.
struct Fact {
    std::string name, value;
};

struct HtmlTable {
    std::vector<std::string> head;
    std::vector<std::vector<std::string>> rows;  ///< first column: words; the others: numbers
    bool with_total = false;                     ///< the last row is the sum of the others
};

/// A row of parts of one slice, as in a picture.
struct ReportSlice {
    std::string caption;
    std::vector<Panel> panels;
};

/// How a page is put together, from top to bottom. All text may hold anything. It loads nothing, which its content
/// security policy says too: pictures are inside, and no script runs but its own.
class HtmlReport {
public:
    /// `lead`: a line under the title.
    HtmlReport(const std::string &title, const std::string &lead);

    /// What matters most, in large type.
    void key_figures(const std::vector<Fact> &facts);
    /// A heading. What follows belongs to it; `note` explains it.
    void section(const std::string &title, const std::string &note = "");
    void charts(const std::vector<Chart> &charts);
    void facts(const std::vector<Fact> &facts);
    void sentences(const std::vector<std::string> &sentences);
    void table(const HtmlTable &table);
    /// Seconds of parts of a whole, with bars.
    void times(const std::vector<std::pair<std::string, double>> &seconds, double whole);
    /// counts[truth][predicted], coloured by their share of the row.
    void confusion(const std::vector<std::string> &classes, const std::vector<std::vector<uint64_t>> &counts);
    /// Begins pictures of slices with a slider over them; `legend` explains colours of them all. Each `add_slice` after
    /// it returns the bytes that the page grew by.
    void begin_slices(const std::vector<LegendEntry> &legend);
    size_t add_slice(const ReportSlice &slice);
    void end_slices();

    /// The page. Ends it: nothing can be added any more.
    std::string finish();

private:
    std::string html_;
    bool in_section_ = false;
};

}  // namespace unet
