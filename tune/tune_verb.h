// The options of unetflow-tune.
#pragma once
#include "pipeline/verbs.h"

namespace unet {

const Verb &tune_verb();

}  // namespace unet
