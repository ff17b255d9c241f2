#include "pipeline/progress.h"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <sys/ioctl.h>
#include <unistd.h>

namespace unet {

namespace {

constexpr double bar_interval = 0.1, line_interval = 60;  // seconds
constexpr int widest_bar = 40;

template<class... Values>
std::string format(const char *pattern, Values... values) {
    char text[128];
    std::snprintf(text, sizeof text, pattern, values...);
    return text;
}

double rate(const ProgressState &state) {
    return state.seconds > 0 ? double(state.done - state.earlier) / state.seconds : 0;
}

std::string rate_text(const ProgressState &state) {
    const double per_second = rate(state);
    const int decimals = per_second >= 100 ? 0 : per_second >= 10 ? 1 : 2;
    return format("%.*f ", decimals, per_second) + state.unit + "/s";
}

std::string left_text(const ProgressState &state) {
    return duration_text((state.total - state.done) / rate(state)) + " left";
}

bool has_rate(const ProgressState &state) { return state.done > state.earlier && state.seconds > 0; }

double steady_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

int terminal_columns() {
    winsize size = {};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

std::string duration_text(double seconds) {
    const long long s = std::llround(std::clamp(seconds, 0.0, 1e9));
    if (s < 60) return format("%lld s", s);
    if (s < 3600) return format("%lld min %02lld s", s / 60, s % 60);
    return format("%lld h %02lld min", s / 3600, s % 3600 / 60);
}

std::string progress_line(const ProgressState &state) {
    std::string line =
        state.what + ": " + std::to_string(state.done) + " of " + std::to_string(state.total) + " " + state.unit;
    if (has_rate(state)) line += ", " + rate_text(state);
    if (has_rate(state) && state.done < state.total) line += ", " + left_text(state);
    if (state.done == state.total) line += ", " + duration_text(state.seconds);
    return state.note.empty() ? line : line + ", " + state.note;
}

std::string progress_bar(const ProgressState &state, int columns) {
    const double share = state.total > 0 ? double(state.done) / state.total : 1;
    std::string tail = format("%4d %%", int(share * 100));
    if (has_rate(state)) tail += "  " + rate_text(state) + "  " + left_text(state);
    if (!state.note.empty()) tail += "  " + state.note;
    const int room = std::min(widest_bar, columns - int(state.what.size() + tail.size()) - 4);
    std::string bar = state.what + " ";
    if (room >= 3) {
        const int filled = int(share * room);
        bar.append("[").append(filled, '#').append(room - filled, ' ').append("]");
    }
    return (bar + tail).substr(0, std::max(columns, 0));
}

ProgressStyle progress_style(bool quiet) {
    if (quiet) return ProgressStyle::silent;
    return isatty(STDERR_FILENO) ? ProgressStyle::bar : ProgressStyle::lines;
}

Progress::Progress(std::string what, int64_t total, std::string unit, ProgressStyle style)
    : Progress(std::move(what), total, std::move(unit), style, std::cerr, steady_seconds) {}

Progress::Progress(std::string what, int64_t total, std::string unit, ProgressStyle style, std::ostream &out,
                   Clock clock)
    : style_(style), out_(out), clock_(std::move(clock)), started_(clock_()) {
    state_.what = std::move(what);
    state_.unit = std::move(unit);
    state_.total = total;
}

Progress::~Progress() { clear(); }

void Progress::advance(int64_t steps) {
    const std::lock_guard lock(mutex_);
    state_.done += steps;
    state_.seconds = clock_() - started_;
    const double interval = style_ == ProgressStyle::bar ? bar_interval : line_interval;
    const bool first_or_last = state_.done == state_.earlier + steps || state_.done == state_.total;
    if (clock_() - shown_ >= interval || (first_or_last && style_ == ProgressStyle::lines)) show();
}

void Progress::start_after(int64_t steps) {
    const std::lock_guard lock(mutex_);
    state_.done += steps;
    state_.earlier += steps;
}

void Progress::note(std::string text) {
    const std::lock_guard lock(mutex_);
    state_.note = std::move(text);
}

void Progress::say(const std::string &line) {
    const std::lock_guard lock(mutex_);
    if (style_ == ProgressStyle::silent) return;
    clear();
    out_ << line << '\n' << std::flush;
}

void Progress::show() {
    shown_ = clock_();
    if (style_ == ProgressStyle::silent) return;
    if (style_ == ProgressStyle::lines) {
        out_ << progress_line(state_) << '\n' << std::flush;
        return;
    }
    clear();
    const std::string bar = progress_bar(state_, terminal_columns() - 1);  // the last column would wrap
    drawn_columns_ = int(bar.size());
    out_ << bar << std::flush;
}

void Progress::clear() {
    if (drawn_columns_ > 0) out_ << '\r' << std::string(drawn_columns_, ' ') << '\r' << std::flush;
    drawn_columns_ = 0;
}

}  // namespace unet
