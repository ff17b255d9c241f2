#include "src/stack/block_cache.h"

namespace unet {

void BlockCache::hold(uint64_t most_bytes) {
    const std::lock_guard lock(mutex_);
    most_bytes_ = most_bytes;
    drop_oldest();
}

// Blocks under way stay: they have no size yet.
void BlockCache::drop_oldest() {
    for (auto use = uses_.begin(); bytes_ > most_bytes_ && use != uses_.end();) {
        const auto entry = entries_.find(*use);
        if (entry->second.bytes == 0) {
            ++use;
            continue;
        }
        bytes_ -= entry->second.bytes;
        use = uses_.erase(use);
        entries_.erase(entry);
    }
}

BlockCache::Block BlockCache::get(const Key &key, const std::function<std::vector<uint8_t>()> &decode) {
    std::promise<Block> promise;
    {
        std::unique_lock lock(mutex_);
        if (const auto found = entries_.find(key); found != entries_.end()) {
            uses_.splice(uses_.end(), uses_, found->second.use);
            const std::shared_future<Block> block = found->second.block;
            lock.unlock();
            return block.get();
        }
        entries_[key] = {promise.get_future().share(), uses_.insert(uses_.end(), key), 0};
    }
    try {
        const Block block = std::make_shared<const std::vector<uint8_t>>(decode());
        promise.set_value(block);
        const std::lock_guard lock(mutex_);
        bytes_ += entries_[key].bytes = block->size();
        drop_oldest();
        return block;
    } catch (...) {
        promise.set_exception(std::current_exception());
        const std::lock_guard lock(mutex_);
        uses_.erase(entries_[key].use);
        entries_.erase(key);
        throw;
    }
}

}  // namespace unet
