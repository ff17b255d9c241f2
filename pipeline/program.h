// What the `main` of every program does.
#pragma once
#include "pipeline/options.h"
#include <functional>
#include <string>

namespace unet {

/// Does `work`. Returns the exit code; what is thrown becomes one line on stderr behind the program's name, unless it
/// was told already.
int run_program(const std::string &name, const std::function<void()> &work);

/// Runs a command with its kernels, in its threads or so many as `usual_threads` says then.
void run_command(const Command &command, const std::function<int()> &usual_threads);

}  // namespace unet
