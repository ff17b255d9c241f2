// Amounts of memory and disk in words.
#pragma once
#include <cstdint>
#include <string>

namespace unet {

/// "812 bytes", "12.5 MB", "3.1 GB": powers of 1000.
std::string bytes_text(uint64_t bytes);

}  // namespace unet
