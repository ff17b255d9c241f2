// How a model was trained, for its file.
#pragma once
#include "pipeline/train.h"
#include "pipeline/train_data.h"
#include "pipeline/train_plan.h"
#include <map>
#include <string>

namespace unet {

/// What decides the weights of a run with network input `input`. No paths, dates or threads: the same
/// run gives the same file.
std::map<std::string, std::string> provenance(const TrainOptions &options, const TrainData &data, const TrainPlan &plan,
                                              int input);

}  // namespace unet
