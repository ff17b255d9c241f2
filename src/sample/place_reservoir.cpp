#include "src/sample/place_reservoir.h"
#include "src/base/random.h"
#include <algorithm>

namespace unet {

namespace {

uint64_t hash_of(const PixelPlace &place) {
    const uint64_t image = uint64_t(uint32_t(place.stack)) << 32 | uint32_t(place.page);
    const uint64_t pixel = uint64_t(uint32_t(place.y)) << 32 | uint32_t(place.x);
    return mix_bits(mix_bits(image + 1) ^ pixel);
}

}  // namespace

void PlaceReservoir::see(const PixelPlace &place) {
    const Kept seen{hash_of(place), place};
    if (heap_.size() == most_) {
        if (!(seen < heap_.front())) return;
        std::pop_heap(heap_.begin(), heap_.end());
        heap_.pop_back();
    }
    heap_.push_back(seen);
    std::push_heap(heap_.begin(), heap_.end());
}

std::vector<PixelPlace> PlaceReservoir::places() const {
    std::vector<Kept> sorted = heap_;
    std::sort(sorted.begin(), sorted.end());
    std::vector<PixelPlace> places;
    for (const Kept &kept : sorted) places.push_back(kept.place);
    return places;
}

}  // namespace unet
