// A segmentation that takes long enough to be killed, stopped or cut into shards.
#pragma once
#include "tests/pipeline/model_and_stack.h"
#include <catch2/catch.hpp>
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

/// Runs line("whole.tif"), then line("killed.tif"), killed at random moments and started again, until it was killed
/// `least` times: whenever it ends, its outputs are those of the whole, and nothing else is left. `look` sees how each
/// start ended.
inline void kill_often(LongRun &run, const std::function<Words(const std::string &)> &line, int least, uint64_t seed,
                       const std::function<void(const Outcome &)> &look) {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point begin = Clock::now();
    REQUIRE(test::run(line("whole.tif")).exit_code == 0);
    const Clock::duration duration = Clock::now() - begin;
    Random random(seed, 1);
    int kills = 0;
    while (kills < least) {
        Outcome last;
        for (int starts = 0; starts < 100; starts++) {
            Running running = start(line("killed.tif"));
            std::this_thread::sleep_for(duration * random.below(120) / 100);
            running.send(SIGKILL);
            last = running.wait();
            CAPTURE(last.err);
            REQUIRE((last.exit_code == 0 || last.exit_code == -1));
            look(last);
            if (last.exit_code == 0) break;
            kills++;
        }
        REQUIRE(last.exit_code == 0);
        REQUIRE(run.same("killed", "whole"));
        std::filesystem::remove(run.folder / "killed.classes.tif");
        std::filesystem::remove(run.folder / "killed.probabilities.tif");
    }
    CHECK(names_in(run.folder / "") ==
          Words{"model.safetensors", "stack.tif", "whole.classes.tif", "whole.probabilities.tif"});
}

}  // namespace unet::test
