// Functions of the libraries of drivers, which Halide's runtime opens.
#pragma once
#include "src/kernels/kernels.h"

namespace unet {

/// Sets `function` to the one of this name, as `symbol_of` of the runtime finds it. Null and false without the library.
template<class Function>
bool find_function(void *(*symbol_of)(void *user_context, const char *name), Function &function, const char *name) {
    RunContext quiet;  // keeps the message that there is no library
    function = reinterpret_cast<Function>(symbol_of(&quiet, name));
    return function;
}

}  // namespace unet
