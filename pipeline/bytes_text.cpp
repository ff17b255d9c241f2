#include "pipeline/bytes_text.h"
#include <fmt/format.h>
#include <iterator>

namespace unet {

std::string bytes_text(uint64_t bytes) {
    constexpr const char *units[] = {"bytes", "kB", "MB", "GB", "TB", "PB"};
    double value = double(bytes);
    size_t unit = 0;
    for (; value >= 1000 && unit + 1 < std::size(units); unit++) value /= 1000;
    return unit == 0 ? fmt::format("{} bytes", bytes) : fmt::format("{:.1f} {}", value, units[unit]);
}

}  // namespace unet
