// What an exception means to the user.
#pragma once
#include "src/base/error.h"
#include <exception>
#include <string>

namespace unet {

struct Failure {
    Exit code;
    std::string line;
};

/// The exit code and the line of any exception.
Failure failure_of(const std::exception_ptr &error);

/// Prints the line behind the name of the program.
void tell(const Failure &failure, const std::string &program = "unetflow");

}  // namespace unet
