#include "pipeline/segment_options.h"

namespace unet {

std::vector<OutputKind> SegmentOptions::kinds() const {
    std::vector<OutputKind> kinds;
    if (classes) kinds.push_back({});
    if (probabilities) kinds.push_back({true, probability_type});
    return kinds;
}

std::vector<std::string> SegmentOptions::kind_names() const {
    std::vector<std::string> names;
    for (const OutputKind &kind : kinds()) names.push_back(kind.name());
    return names;
}

}  // namespace unet
