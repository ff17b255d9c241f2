// Tile size, parallelism and memory of a segmentation, decided before any work.
#pragma once
#include "pipeline/chosen_part.h"
#include "pipeline/segment.h"
#include "src/net/architecture.h"

namespace unet {

/// Bytes at the peak, by what they are for.
struct SegmentMemory {
    uint64_t program = 0;   ///< the program itself, temporaries of kernels, where pages and tiles are
    uint64_t weights = 0;   ///< parameters and their transforms
    uint64_t networks = 0;  ///< activations of the tiles that are in the network at a time
    uint64_t tiles = 0;     ///< images and results of the tiles in flight
    uint64_t bands = 0;     ///< of the outputs, until they are complete, and compressed; sums of tiles that overlap
    uint64_t reading = 0;   ///< strips or tiles of the input that are decoded
    uint64_t held = 0;      ///< of these, those that are kept for the tiles to come

    uint64_t total() const { return program + weights + networks + tiles + bands + reading + held; }
};

/// Bytes of the memory of each device that networks compute on; all 0 for the CPU.
struct SegmentDeviceMemory {
    uint64_t weights = 0;   ///< once
    uint64_t networks = 0;  ///< activations and temporaries of the tiles that are in its networks at a time
    uint64_t most = 0;      ///< that may be taken

    uint64_t total() const { return weights + networks; }
};

struct SegmentPlan {
    RegionPlan tiles;
    SegmentLimits limits;
    SegmentMemory memory;
    SegmentDeviceMemory device;
};

/// The tile size up to `options.tile` and the networks beside each other that are the fastest by count of
/// multiplications, of those that stay within `options.most_memory` (0: most of what the machine has left) and about
/// two seconds of work a tile. On devices they stay within the memory of each, too: up to three networks, so that
/// images and results of two tiles are copied while a third is computed. Throws Error(usage) when nothing does, with
/// what is needed at least, DeviceFull where that is a device's memory. With an overlap tiles are what `options.tile`
/// says, or refused: too much memory, too long, an overlap that does not fit.
SegmentPlan plan_segment(const ImageStack &images, const Architecture &architecture, const ChosenPart &part,
                         const SegmentOptions &options);

/// Memory that this process may still take: what the machine has left, less where a cgroup limits it.
uint64_t available_memory();

}  // namespace unet
