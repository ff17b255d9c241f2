// A few of very many pixels, each as likely as the others.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace unet {

/// A pixel of one of several stacks.
struct PixelPlace {
    int stack = 0, page = 0, x = 0, y = 0;
    bool operator==(const PixelPlace &) const = default;
};

/// Keeps `most` of the pixels it sees: those whose places have the smallest hashes, so that neither order nor windows
/// matter. Memory does not depend on how many are seen.
class PlaceReservoir {
public:
    explicit PlaceReservoir(size_t most = 4096) : most_(most) {}

    void see(const PixelPlace &place);
    /// In the order of their hashes.
    std::vector<PixelPlace> places() const;

private:
    struct Kept {
        uint64_t hash;
        PixelPlace place;
        bool operator<(const Kept &other) const { return hash < other.hash; }
    };

    size_t most_;
    std::vector<Kept> heap_;  // the largest hash first
};

}  // namespace unet
