// The options of the verb train.
#pragma once
#include "pipeline/option_table.h"
#include <functional>

namespace unet {

/// Adds them to a table. Returns what trains, once they are set.
std::function<void()> declare_train(OptionTable &table);

}  // namespace unet
