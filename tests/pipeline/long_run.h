// A segmentation that takes long enough to be killed, stopped or cut into shards.
#pragma once
#include "tests/pipeline/model_and_stack.h"
#include <chrono>
#include <functional>
#include <thread>

namespace unet::test {

using Words = std::vector<std::string>;

/// Of 12 bands, two tiles wide each.
struct LongRun : ModelAndStack {
    LongRun() : ModelAndStack(600, 560, 6) {}

    Words line(const std::string &output, const Words &more = {}) {
        Words words{"segment",       "--model", model,
                    "--input",       stack,     "--output",
                    folder / output, "--emit",  "classes,probabilities"};
        if (std::find(more.begin(), more.end(), "--tile") == more.end()) words.insert(words.end(), {"--tile", "236"});
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
    bool same(const std::string &a, const std::string &b) {
        return bytes(a + ".classes.tif") == bytes(b + ".classes.tif") &&
               bytes(a + ".probabilities.tif") == bytes(b + ".probabilities.tif");
    }
};

inline void wait_until(Running &running, const std::function<bool()> &there) {
    while (!running.ended() && !there()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

}  // namespace unet::test
