#include "src/base/hash.h"
#define XXH_STATIC_LINKING_ONLY  // for the state's size
#include <fmt/format.h>
#include <xxhash.h>

namespace unet {

struct Hash::State {
    XXH3_state_t xxh3;
};

Hash::Hash() : state_(std::make_unique<State>()) { XXH3_128bits_reset(&state_->xxh3); }
Hash::~Hash() = default;

void Hash::add(const void *bytes, size_t count) { XXH3_128bits_update(&state_->xxh3, bytes, count); }

std::string Hash::text() const {
    const XXH128_hash_t hash = XXH3_128bits_digest(&state_->xxh3);
    return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace unet
