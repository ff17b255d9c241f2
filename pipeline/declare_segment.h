// The options of `segment`, and of the verbs around it.
#pragma once
#include "pipeline/option_table.h"

namespace unet {

// Each declares its options and returns what the verb does with them.
std::function<void()> declare_segment(OptionTable &table);
std::function<void()> declare_plan(OptionTable &table);
std::function<void()> declare_verify(OptionTable &table);
std::function<void()> declare_merge(OptionTable &table);

}  // namespace unet
