// How a model was trained, for its file.
#pragma once
#include "pipeline/train.h"
#include "pipeline/train_data.h"
#include "pipeline/train_plan.h"
#include <map>
#include <string>

namespace unet {

using Provenance = std::map<std::string, std::string>;

/// Options that decide the weights of a run with network input `input`. No paths, dates or threads: the same run gives
/// the same file.
Provenance provenance(const TrainOptions &options, const TrainPlan &plan, int input);

/// What its data have decided.
Provenance provenance(const TrainData &data);

std::string split_name(SplitBy by);

/// The time limit that a run was given; empty without one.
std::string limit_text(const TrainOptions &options);

}  // namespace unet
