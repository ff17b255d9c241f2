// Temporaries of kernels.
#pragma once
#include <cstddef>

namespace unet {

/// Memory for one temporary of a kernel, on a border of 128 bytes; null when there is none. Blocks that were released are
/// kept by the thread and handed out again, so that a layer costs no page faults from the second call on: with an allocator
/// that gives large blocks back to the system, the second pass of a width-32 network took a fifth longer than the fifth.
void *take_scratch(size_t bytes);
void release_scratch(void *pointer);

}  // namespace unet
