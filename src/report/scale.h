// From numbers to places on an axis.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace unet {

/// An axis from `first` to `last`, linear or logarithmic, whose ends are round numbers.
class Scale {
public:
    enum class Kind { linear, logarithmic };

    /// For values from `least` to `greatest`; logarithmic only where both are above 0. Equal ones get room around them.
    Scale(double least, double greatest, Kind kind = Kind::linear);
    /// From the one to the other, not rounded.
    static Scale exactly(double first, double last);

    /// 0 at the beginning, 1 at the end; held between them.
    double place(double value) const;
    double first() const { return first_; }
    double last() const { return last_; }
    Kind kind() const { return kind_; }
    /// Round numbers, ascending, about five of them.
    std::vector<double> ticks() const;

private:
    Scale() = default;

    Kind kind_ = Kind::linear;
    double first_ = 0, last_ = 1;
};

/// "0.05", "2000", "20k", "1e-05": a number beside a tick.
std::string tick_text(double value);

}  // namespace unet
