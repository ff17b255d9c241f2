// Decoded strips and tiles that several reads share.
#pragma once
#include <compare>
#include <cstdint>
#include <functional>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace unet {

/// Holds the blocks that were used last, up to a number of bytes. Windows of neighbouring tiles overlap, and a strip
/// reaches across all tiles of a row: without it a strip would be decoded once for each of them. For any number of
/// threads.
class BlockCache {
public:
    using Block = std::shared_ptr<const std::vector<uint8_t>>;
    struct Key {
        const void *file;
        uint64_t directory, block;
        auto operator<=>(const Key &) const = default;
    };

    /// From now on; 0 holds nothing.
    void hold(uint64_t most_bytes);
    bool holds() const { return most_bytes_ > 0; }

    /// The block, by `decode` unless it is held; while another thread decodes it, waits for that. Throws what `decode`
    /// throws, and the next call tries again.
    Block get(const Key &key, const std::function<std::vector<uint8_t>()> &decode);

private:
    struct Entry {
        std::shared_future<Block> block;
        std::list<Key>::iterator use;
        uint64_t bytes = 0;  // 0 while it is decoded
    };
    void drop_oldest();

    std::mutex mutex_;
    std::map<Key, Entry> entries_;
    std::list<Key> uses_;  // latest last
    uint64_t most_bytes_ = 0, bytes_ = 0;
};

}  // namespace unet
