// The texts of --help and --version.
#pragma once
#include <string>

namespace unet {

struct Verb;

/// What `unetflow --help` prints.
std::string program_help();

/// What `unetflow VERB --help` prints; `options` is the formatted table.
std::string verb_help(const Verb &verb, const std::string &options);

/// "unetflow 0.1.0" and the kernels compiled and chosen.
std::string version_text();

}  // namespace unet
