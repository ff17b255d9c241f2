#include "src/stack/handle_pool.h"
#include <algorithm>

namespace unet {

HandlePool::Handle HandlePool::take(const std::filesystem::path &path, uint64_t directory) {
    {
        const std::lock_guard lock(mutex_);
        auto best = idle_.end();
        for (auto idle = idle_.begin(); idle != idle_.end(); ++idle)
            if (idle->path == path && (best == idle_.end() || idle->handle->stands_on(directory))) best = idle;
        if (best != idle_.end()) {
            Handle handle = std::move(best->handle);
            idle_.erase(best);
            return handle;
        }
    }
    return std::make_unique<TiffHandle>(path);
}

void HandlePool::give_back(const std::filesystem::path &path, Handle handle) {
    Handle oldest;  // closed after the lock is released
    const std::lock_guard lock(mutex_);
    idle_.push_back({path, std::move(handle)});
    if (idle_.size() > most_idle) {
        oldest = std::move(idle_.front().handle);
        idle_.pop_front();
    }
}

}  // namespace unet
