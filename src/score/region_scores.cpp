#include "src/score/region_scores.h"
#include "src/sample/pieces.h"
#include "src/score/thin_borders.h"
#include "src/score/warping_error.h"

namespace unet {

Ids true_objects(const Ids &ids, const LabelScheme &scheme, int border) {
    const Classes classes = to_classes_as_labelled(ids, scheme);
    if (scheme.kind != LabelKind::instances) return predicted_objects(classes, border);
    Ids objects = ids;
    for (size_t i = 0; i < objects.values.size(); i++)
        if (classes.values[i] == ignored) objects.values[i] = 0;
    return objects;
}

Ids predicted_objects(const Classes &classes, int border) {
    Ids values(1, classes.width, classes.height);
    for (size_t i = 0; i < values.values.size(); i++) {
        const int c = classes.values[i];
        values.values[i] = c == border || c == ignored ? 0 : uint32_t(c) + 1;
    }
    return connected_components(values, Touching::by_side);
}

void leave_out_ignored(Ids &objects, const Ids &ids, const LabelScheme &scheme) {
    for (size_t i = 0; i < objects.values.size(); i++)
        if (scheme.ignore == ids.values[i]) objects.values[i] = 0;
}

std::optional<PartingScores> parting_scores(const Ids &truth, const Pixels &inside,
                                            const std::vector<double> &thresholds, const Classes &counted) {
    PartingScores scores;
    for (const double threshold : thresholds) {
        Ids above(1, inside.width, inside.height);
        for (size_t i = 0; i < above.values.size(); i++) above.values[i] = inside.values[i] > threshold;
        const Ids regions = connected_components(above, Touching::by_side);
        const auto as_is = partition_scores(overlaps_of(truth, regions));
        if (!as_is) return {};
        const auto thinned = partition_scores(overlaps_of(truth, thin_borders(regions)));
        scores.rand.push_back(as_is->v_rand);
        scores.v_rand.push_back(thinned->v_rand);
        scores.v_info.push_back(thinned->v_info);
        scores.warping_error.push_back(warping_error(truth, inside, threshold, counted));
    }
    return scores;
}

RegionScores region_scores(const Ids &truth_ids, const LabelScheme &scheme, int border, Ids objects,
                           const Pixels &inside, const std::vector<double> &thresholds) {
    const Ids truth = true_objects(truth_ids, scheme, border);
    Classes counted;
    if (scheme.ignore) {
        counted = Classes(1, objects.width, objects.height, 1);
        for (size_t i = 0; i < objects.values.size(); i++)
            if (truth_ids.values[i] == *scheme.ignore) counted.values[i] = 0;
        leave_out_ignored(objects, truth_ids, scheme);
    }
    RegionScores scores{parting_scores(truth, inside, thresholds, counted), {}, {}};
    const std::vector<Overlap> overlaps = overlaps_of(truth, objects);
    scores.partition = partition_scores(overlaps);
    scores.objects.add(overlaps);
    return scores;
}

}  // namespace unet
