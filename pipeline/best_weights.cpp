#include "pipeline/best_weights.h"
#include <algorithm>
#include <system_error>

namespace unet {

void BestWeights::take(const Parameters &weights) {
    Parameters &room = make_room();
    std::copy_n(weights.data(), room.size(), room.data());
}

void BestWeights::remove_file() const {
    std::error_code failure;
    std::filesystem::remove(file_, failure);
}

}  // namespace unet
