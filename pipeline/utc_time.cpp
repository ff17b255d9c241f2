#include "pipeline/utc_time.h"
#include <ctime>

namespace unet {

std::string utc_time(const char *form) {
    const std::time_t now = std::time(nullptr);
    std::tm utc = {};
    gmtime_r(&now, &utc);
    char text[64];
    return {text, std::strftime(text, sizeof text, form, &utc)};
}

}  // namespace unet
