#include "src/report/scale.h"
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace unet {

namespace {

constexpr int wanted_ticks = 5;

/// 1, 2 or 5 times a power of ten: about `range` / wanted_ticks.
double round_step(double range) {
    const double raw = range / wanted_ticks, power = std::pow(10, std::floor(std::log10(raw)));
    for (const double digit : {1.0, 2.0, 5.0})
        if (raw <= digit * power * 1.0001) return digit * power;
    return 10 * power;
}

/// Powers of ten between both, and where these are few, their multiples by 2 and 5.
std::vector<double> log_ticks(double first, double last) {
    const int low = int(std::floor(std::log10(first) + 1e-9)), high = int(std::ceil(std::log10(last) - 1e-9));
    std::vector<double> ticks;
    const int every = std::max(1, (high - low) / wanted_ticks);
    for (int exponent = low; exponent <= high; exponent += every)
        for (const double digit : {1.0, 2.0, 5.0}) {
            const double tick = digit * std::pow(10, exponent);
            const bool wanted = digit == 1 || high - low <= 2;
            if (wanted && tick >= first * 0.9999 && tick <= last * 1.0001) ticks.push_back(tick);
        }
    return ticks;
}

}  // namespace

Scale::Scale(double least, double greatest, Kind kind) : kind_(least > 0 ? kind : Kind::linear) {
    if (least == greatest) {
        const double room = least == 0 ? 1 : std::abs(least) / 2;
        least -= room;
        greatest += room;
    }
    if (kind_ == Kind::logarithmic) {
        const auto down = [](double value, double unit) { return std::floor(value / unit * 1.0001) * unit; };
        const double low = std::pow(10, std::floor(std::log10(least))),
                     high = std::pow(10, std::floor(std::log10(greatest)));
        first_ = down(least, low);
        last_ = std::ceil(greatest / high * 0.9999) * high;
        return;
    }
    const double step = round_step(greatest - least);
    first_ = std::floor(least / step + 1e-9) * step;
    last_ = std::ceil(greatest / step - 1e-9) * step;
}

Scale Scale::exactly(double first, double last) {
    Scale scale;
    scale.first_ = first;
    scale.last_ = last > first ? last : first + 1;
    return scale;
}

double Scale::place(double value) const {
    if (kind_ == Kind::logarithmic && value <= 0) return 0;
    const double at = kind_ == Kind::logarithmic ? std::log(value / first_) / std::log(last_ / first_)
                                                 : (value - first_) / (last_ - first_);
    return std::clamp(at, 0.0, 1.0);
}

std::vector<double> Scale::ticks() const {
    if (kind_ == Kind::logarithmic) return log_ticks(first_, last_);
    const double step = round_step(last_ - first_);
    std::vector<double> ticks;
    for (double k = std::ceil(first_ / step - 1e-9); k * step <= last_ + step * 1e-9; k++) ticks.push_back(k * step);
    return ticks;
}

std::string tick_text(double value) {
    if (std::abs(value) < 1e-12) return "0";
    if (std::abs(value) >= 1e6) return fmt::format("{:.4g}M", value / 1e6);
    if (std::abs(value) >= 1e4) return fmt::format("{:.4g}k", value / 1e3);
    return fmt::format("{:.4g}", value);
}

}  // namespace unet
