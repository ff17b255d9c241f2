#include "src/stack/block_cache.h"
#include <atomic>
#include <catch2/catch.hpp>
#include <stdexcept>
#include <thread>

using namespace unet;

namespace {

const int file = 0;

/// Counts how often a block of 100 bytes, all of its number, is decoded.
struct Decoder {
    std::atomic<int> calls = 0;
    BlockCache::Block get(BlockCache &cache, uint64_t block) {
        return cache.get({&file, 16, block}, [&] {
            calls++;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            return std::vector<uint8_t>(100, uint8_t(block));
        });
    }
};

}  // namespace

TEST_CASE("a block that is held is not decoded again; those used last are held", "[definition][block_cache]") {
    BlockCache cache;
    cache.hold(300);
    Decoder decoder;
    for (const uint64_t block : {1, 2, 3, 1, 2, 3}) CHECK((*decoder.get(cache, block))[99] == block);
    CHECK(decoder.calls == 3);
    decoder.get(cache, 1);
    decoder.get(cache, 4);  // 2 goes
    decoder.get(cache, 1);
    decoder.get(cache, 3);
    CHECK(decoder.calls == 4);
    decoder.get(cache, 2);
    CHECK(decoder.calls == 5);
    cache.hold(0);
    CHECK_FALSE(cache.holds());
    decoder.get(cache, 2);
    CHECK(decoder.calls == 6);
}

TEST_CASE("threads that want one block wait for the one that decodes it", "[repeat][block_cache]") {
    BlockCache cache;
    cache.hold(1 << 20);
    Decoder decoder;
    std::vector<std::thread> threads;
    std::atomic<int> wrong = 0;
    for (int t = 0; t < 8; t++)
        threads.emplace_back([&, t] {
            for (uint64_t i = 0; i < 20; i++)
                wrong += (*decoder.get(cache, (i + uint64_t(t)) % 20))[0] != (i + uint64_t(t)) % 20;
        });
    for (std::thread &thread : threads) thread.join();
    CHECK(wrong == 0);
    CHECK(decoder.calls == 20);
}

TEST_CASE("a block that cannot be decoded is tried again", "[error][block_cache]") {
    BlockCache cache;
    cache.hold(1000);
    const BlockCache::Key key{&file, 16, 7};
    for (int i = 0; i < 2; i++)
        CHECK_THROWS_AS(cache.get(key, []() -> std::vector<uint8_t> { throw std::runtime_error("damaged"); }),
                        std::runtime_error);
    CHECK(cache.get(key, [] { return std::vector<uint8_t>(3); })->size() == 3);
}
