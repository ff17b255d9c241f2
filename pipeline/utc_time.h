// The time of day, in words.
#pragma once
#include <string>

namespace unet {

/// Time now in UTC, in the form that strftime knows.
std::string utc_time(const char *form);

}  // namespace unet
