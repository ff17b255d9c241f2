// Open TIFF files, shared out to threads.
#pragma once
#include "src/stack/tiff_handle.h"
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>

namespace unet {

/// Lends each caller a handle of its own and keeps the latest few open, whatever the number of files and threads.
class HandlePool {
public:
    using Handle = std::unique_ptr<TiffHandle>;

    /// A handle on `path`, by preference one that stands on directory `directory` already.
    Handle take(const std::filesystem::path &path, uint64_t directory);
    /// Gives back a handle that works; one that threw is dropped instead.
    void give_back(const std::filesystem::path &path, Handle handle);

private:
    struct Idle {
        std::filesystem::path path;
        Handle handle;
    };
    static constexpr size_t most_idle = 16;  // each may hold one decoded block
    std::mutex mutex_;
    std::deque<Idle> idle_;  // latest last
};

}  // namespace unet
