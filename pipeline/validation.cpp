#include "pipeline/validation.h"
#include "pipeline/segment_stack.h"
#include "pipeline/threads.h"

namespace unet {

namespace {

constexpr int validation_tile = 572;  // any size gives the same classes; this one wastes little on margins

// Runs of pages that follow each other in one stack: one plan each.
struct PageRun {
    int stack;
    PageRange pages;
};

std::vector<PageRun> runs_of(const std::vector<StackPage> &pages) {
    std::vector<PageRun> runs;
    for (const StackPage &page : pages) {
        const bool follows = !runs.empty() && runs.back().stack == page.stack &&
                             runs.back().pages.first + runs.back().pages.count == page.page;
        if (follows) runs.back().pages.count++;
        else runs.push_back({page.stack, {page.page, 1}});
    }
    return runs;
}

}  // namespace

double mean_iou(const Confusion &confusion) {
    double sum = 0;
    int present = 0;
    for (int c = 0; c < confusion.classes(); c++)
        if (const auto iou = confusion.iou(c)) {
            sum += *iou;
            present++;
        }
    return present ? sum / present : 0;
}

void segment_part(const PreparedWeights &weights, const Normalisation &normalisation, const LazyStack &images,
                  PageRange pages, Rect area, const std::function<void(const Band &)> &sink) {
    Timings timings(Timings::Clock::now());  // nobody asks
    const auto read = [&](int page, Rect region) { return images.read(page, region); };
    const Architecture &architecture = weights.parameters().architecture();
    const SegmentJob job{images.name(),  images.shape(),
                         read,           weights,
                         normalisation,  plan_region(images.shape(), architecture, validation_tile, pages, area),
                         {OutputKind{}}, segment_limits(arena_threads()),
                         timings};
    segment_stack(
        job, [&](size_t, const Band &band) { sink(band); }, [] {});
}

Confusion validate(const PreparedWeights &weights, const Normalisation &normalisation, const LabelScheme &scheme,
                   const std::vector<LabelledStack> &stacks, const std::vector<StackPage> &pages) {
    Confusion confusion(weights.parameters().architecture().classes);
    for (const PageRun &run : runs_of(pages)) {
        const LazyStack &images = *stacks[run.stack].images, &labels = *stacks[run.stack].labels;
        const StackShape &shape = images.shape();
        const auto count = [&](const Band &band) {
            const Ids ids = labels.read_ids(run.pages.first + band.page, {0, band.y, shape.width, band.rows});
            Classes predicted(1, shape.width, band.rows);
            predicted.values = band.bytes;
            confusion.add(predicted, to_classes_as_labelled(ids, scheme));
        };
        segment_part(weights, normalisation, images, run.pages, {0, 0, shape.width, shape.height}, count);
    }
    return confusion;
}

}  // namespace unet
