// What kind of machine this is, as profiles name it.
#pragma once
#include <string>

namespace unet {

/// "AuthenticAMD family 26 model 2", as cmake/Profiles.cmake reads it from /proc/cpuinfo too: names that processors
/// give themselves are the same for several kinds on virtual machines. "unknown processor" where the system does not
/// say.
std::string machine_name();

/// The same as part of a file's name: "authenticamd-family-26-model-2".
std::string file_name_of(const std::string &machine);

}  // namespace unet
