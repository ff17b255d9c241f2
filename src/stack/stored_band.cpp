#include "src/stack/stored_band.h"
#include <xxhash.h>

namespace unet {

uint64_t StoredBand::checksum() const { return XXH3_64bits(bytes.data(), bytes.size()); }

}  // namespace unet
