// Weights of one network for another.
#pragma once
#include "src/net/parameters.h"

namespace unet {

/// Copies the tensors that both have under one name and in one shape. Returns the names of those of `to` that stay as
/// they are: of the first layer where channels differ, of the head where classes do.
std::vector<std::string> copy_fitting(const Parameters &from, Parameters &to);

/// Weights and biases of the contracting path: the first so many floats of Parameters.
size_t encoder_floats(const ParameterLayout &layout);

}  // namespace unet
