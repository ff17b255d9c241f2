#include "src/base/error.h"
#include "src/net/arena.h"
#include "src/net/unet.h"
#include <catch2/catch.hpp>
#include <rapidcheck.h>

using namespace unet;

namespace {

std::vector<Lifetime> any_lifetimes() {
    std::vector<Lifetime> buffers(*rc::gen::inRange(0, 30));
    for (Lifetime &buffer : buffers) {
        buffer.bytes = *rc::gen::inRange(0, 5000);
        buffer.first = *rc::gen::inRange(0, 20);
        buffer.last = buffer.first + *rc::gen::inRange(0, 10);
    }
    return buffers;
}

size_t most_in_use(const std::vector<Lifetime> &buffers) {
    size_t most = 0;
    for (int step = 0; step < 30; step++) {
        size_t bytes = 0;
        for (const Lifetime &buffer : buffers)
            if (buffer.first <= step && step <= buffer.last) bytes += buffer.bytes;
        most = std::max(most, bytes);
    }
    return most;
}

}  // namespace

TEST_CASE("buffers in use at the same time never overlap and lie inside the block", "[definition][arena]") {
    CHECK(rc::check([] {
        const std::vector<Lifetime> buffers = any_lifetimes();
        const ArenaLayout layout = lay_out(buffers);
        RC_ASSERT(layout.bytes >= most_in_use(buffers));
        for (size_t a = 0; a < buffers.size(); a++) {
            const size_t begin = layout.offsets[a], end = begin + buffers[a].bytes;
            RC_ASSERT(begin % arena_alignment == 0 && end <= layout.bytes);
            for (size_t b = 0; b < a; b++) {
                const bool meet = buffers[a].first <= buffers[b].last && buffers[b].first <= buffers[a].last;
                const bool apart = end <= layout.offsets[b] || layout.offsets[b] + buffers[b].bytes <= begin;
                RC_ASSERT(!meet || apart);
            }
        }
    }));
}

TEST_CASE("buffers whose lives do not meet share memory", "[definition][arena]") {
    const ArenaLayout layout = lay_out({{1024, 0, 1}, {512, 1, 2}, {1024, 2, 3}, {512, 3, 4}});
    CHECK(layout.offsets == std::vector<size_t>{0, 1024, 0, 1024});
    CHECK(layout.bytes == 1536);
}

TEST_CASE("a pass takes the memory of its largest moment, not of all activations", "[definition][arena]") {
    const Architecture paper{.width = 16, .depth = 4};
    const UNet inference(paper, square(572), UNet::Use::inference), training(paper, square(572), UNet::Use::training);
    const size_t level = size_t(16) * 568 * 568 * sizeof(float);  // one activation of level 0
    CHECK(inference.bytes() < 2.4 * level);
    CHECK(training.bytes() < 8.6 * level);
}

TEST_CASE("a step that reads what none has written is a mistake of ours", "[error][arena]") {
    Tensor written(1, square(2)), never(1, square(2));
    Pass pass;
    pass.add({.name = "first", .writes = {&written}, .run = [](Rows) {}});
    pass.add({.name = "second", .reads = {&never}, .writes = {&written}, .run = [](Rows) {}});
    CHECK_THROWS_WITH(pass.plan(usual_strip_bytes), "second reads what no step has written");
}
