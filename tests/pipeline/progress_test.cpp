#include "pipeline/progress.h"
#include <catch2/catch.hpp>
#include <sstream>

using namespace unet;

TEST_CASE("durations read as people say them", "[definition][progress]") {
    const auto [seconds, text] = GENERATE(table<double, std::string>({{0, "0 s"},
                                                                      {59.4, "59 s"},
                                                                      {60, "1 min 00 s"},
                                                                      {200, "3 min 20 s"},
                                                                      {3600, "1 h 00 min"},
                                                                      {7500, "2 h 05 min"}}));
    CHECK(duration_text(seconds) == text);
}

TEST_CASE("a progress line says how much is done, how fast, and how long it takes yet", "[definition][progress]") {
    ProgressState state{"segment", "tiles", 120, 480, 40, ""};
    CHECK(progress_line(state) == "segment: 120 of 480 tiles, 3.00 tiles/s, 2 min 00 s left");
    state.note = "loss 0.5";
    CHECK(progress_line(state) == "segment: 120 of 480 tiles, 3.00 tiles/s, 2 min 00 s left, loss 0.5");
    state.done = 480;
    state.seconds = 160;
    CHECK(progress_line(state) == "segment: 480 of 480 tiles, 3.00 tiles/s, 2 min 40 s, loss 0.5");
    CHECK(progress_line({"train", "steps", 0, 10, 0, ""}) == "train: 0 of 10 steps");
    state = {"train", "steps", 120, 480, 10, "", 100};  // went on after 100
    CHECK(progress_line(state) == "train: 120 of 480 steps, 2.00 steps/s, 3 min 00 s left");
}

TEST_CASE("a progress bar fits any terminal and fills with the work", "[definition][progress]") {
    const int columns = GENERATE(range(0, 130, 7));
    const int64_t done = GENERATE(0, 1, 240, 479, 480);
    const ProgressState state{"segment", "tiles", done, 480, 40, "loss 0.5"};
    const std::string bar = progress_bar(state, columns);
    CAPTURE(bar, columns);
    CHECK(int(bar.size()) <= columns);
    CHECK(bar.find_first_of("\r\n") == std::string::npos);
    if (columns < 120) return;
    CHECK(std::count(bar.begin(), bar.end(), '#') == 40 * done / 480);
    CHECK(bar.find("loss 0.5") != std::string::npos);
}

TEST_CASE("lines come at the first step, once a minute, and at the last", "[definition][progress]") {
    double now = 0;
    std::ostringstream out;
    {
        Progress progress("train", 1000, "steps", ProgressStyle::lines, out, [&] { return now; });
        for (int i = 0; i < 1000; i++) {
            now += 0.5;
            progress.advance();
        }
    }
    const std::string text = out.str();
    CHECK(std::count(text.begin(), text.end(), '\n') == 10);  // 500 s: first, 8 minutes, last
    CHECK(text.find("train: 1 of 1000") == 0);
    CHECK(text.find("train: 1000 of 1000") != std::string::npos);
}

TEST_CASE("a bar is drawn ten times a second at most and cleared at the end", "[definition][progress]") {
    double now = 0;
    std::ostringstream out;
    {
        Progress progress("train", 1000, "steps", ProgressStyle::bar, out, [&] { return now; });
        for (int i = 0; i < 1000; i++) {
            now += 0.001;
            progress.advance();
        }
    }
    const std::string text = out.str();
    size_t drawn = 0;
    for (size_t at = text.find('['); at != std::string::npos; at = text.find('[', at + 1)) drawn++;
    CHECK(drawn >= 5);
    CHECK(drawn <= 11);
    CHECK(text.back() == '\r');
    const size_t last_line = text.rfind('\r', text.size() - 2);
    CHECK(text.find_first_not_of(' ', last_line + 1) == text.size() - 1);
}

TEST_CASE("quiet progress says nothing", "[definition][progress]") {
    std::ostringstream out;
    {
        Progress progress("train", 3, "steps", ProgressStyle::silent, out, [] { return 0.0; });
        progress.advance(3);
        progress.say("hello");
    }
    CHECK(out.str().empty());
    CHECK(progress_style(true) == ProgressStyle::silent);
}
