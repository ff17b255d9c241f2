#include "pipeline/validation.h"
#include "pipeline/segment_stack.h"
#include "pipeline/threads.h"
#include "src/kernels/kernels.h"
#include "src/net/unet.h"
#include "src/score/region_scores.h"
#include <algorithm>
#include <optional>

namespace unet {

namespace {

constexpr int validation_tile = 572;  // any size gives the same classes; this one wastes little on margins

// On a device one network at a time, so that the memory of a step is enough.
SegmentLimits limits_here() { return kernels().on_device() ? limits_of(1) : segment_limits(arena_threads()); }

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

// The objects of a page, of which classes and labels come in bands from top to bottom.
class PageObjects {
public:
    explicit PageObjects(const StackShape &shape)
        : classes_(1, std::min(shape.width, largest_side), std::min(shape.height, largest_side)),
          ids_(1, classes_.width, classes_.height) {}

    void add(int row, const Classes &classes, const Ids &ids) {
        for (int y = 0; y < classes.height && row + y < classes_.height; y++) {
            std::copy_n(classes.row(y), classes_.width, classes_.row(row + y));
            std::copy_n(ids.row(y), ids_.width, ids_.row(row + y));
        }
    }

    static uint64_t bytes(const StackShape &shape) {
        constexpr uint64_t of_pixel = 14;
        return of_pixel * uint64_t(std::min(shape.width, largest_side)) * std::min(shape.height, largest_side);
    }

    std::vector<Overlap> overlaps(const LabelScheme &scheme) const {
        Ids found = predicted_objects(classes_, 0);
        leave_out_ignored(found, ids_, scheme);
        return overlaps_of(true_objects(ids_, scheme, 0), found);
    }

private:
    static constexpr int largest_side = 2048;  // 59 MB: 14 bytes a pixel

    Classes classes_;
    Ids ids_;
};

}  // namespace

double Validation::quality() const {
    const double iou = mean_iou(classes);
    return objects ? (iou + objects->panoptic_quality().value_or(0)) / 2 : iou;
}

std::string quality_name(const LabelScheme &scheme) {
    return scheme.kind == LabelKind::instances ? "mean of IoU and PQ" : "IoU";
}

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
    const SegmentJob job{images.name(),
                         images.shape(),
                         read,
                         {{&weights, &normalisation}},
                         plan_region(images.shape(), architecture, validation_tile, pages, area),
                         {OutputKind{}},
                         limits_here(),
                         timings};
    segment_stack(
        job, [&](size_t, const Band &band) { sink(band); }, [] {});
}

uint64_t validation_bytes(const Architecture &architecture, const StackShape &images, bool objects) {
    const SegmentLimits limits = limits_here();
    const RegionPlan plan =
        plan_region(images, architecture, validation_tile, {0, 1}, {0, 0, images.width, images.height});
    const Size read = plan.tiles().largest_read();
    const uint64_t pixels = uint64_t(read.width) * read.height;
    const uint64_t network = UNet::planned_bytes(architecture, read, UNet::Use::inference) +
                             pixels * uint64_t(architecture.classes) * sizeof(float);
    const uint64_t tile = pixels * (2 * uint64_t(architecture.channels) * sizeof(float) + 1);
    const uint64_t band = uint64_t(images.width) * band_rows * (1 + sizeof(uint32_t) + 1);  // classes, labels as read
    return uint64_t(limits.workspaces) * network + uint64_t(limits.tiles_in_flight) * tile + 3 * band +
           (objects ? PageObjects::bytes(images) : 0);
}

Validation validate(const PreparedWeights &weights, const Normalisation &normalisation, const LabelScheme &scheme,
                    const std::vector<LabelledStack> &stacks, const std::vector<StackPage> &pages) {
    Validation result{Confusion(weights.parameters().architecture().classes), {}};
    if (scheme.kind == LabelKind::instances) result.objects.emplace();
    for (const PageRun &run : runs_of(pages)) {
        const LazyStack &images = *stacks[run.stack].images, &labels = *stacks[run.stack].labels;
        const StackShape &shape = images.shape();
        std::optional<PageObjects> objects;
        if (result.objects) objects.emplace(shape);
        const auto count = [&](const Band &band) {
            const Ids ids = labels.read_ids(run.pages.first + band.page, {0, band.y, shape.width, band.rows});
            Classes predicted(1, shape.width, band.rows);
            predicted.values = band.bytes;
            result.classes.add(predicted, to_classes_as_labelled(ids, scheme));
            if (!objects) return;
            objects->add(band.y, predicted, ids);
            if (band.y + band.rows == shape.height) result.objects->add(objects->overlaps(scheme));
        };
        segment_part(weights, normalisation, images, run.pages, {0, 0, shape.width, shape.height}, count);
    }
    return result;
}

}  // namespace unet
