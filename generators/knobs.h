// The few numbers a schedule may be tuned by; schedules/profiles/<machine>.txt holds their measured values.
#pragma once
#include <Halide.h>

namespace unet::generators {

/// 0 means: the schedule chooses for its target. Every kernel has these generator parameters; a schedule uses what it can.
struct Knobs {
    int blocks = 0;  ///< blocks of 16 output channels per register tile
    int pixels = 0;  ///< pixels per register tile
    int rows = 0;    ///< output rows per task; of Winograd convolutions, tiles
};

/// A generator with the knobs as parameters.
template<class Derived>
class TunedGenerator : public Halide::Generator<Derived> {
public:
    Halide::GeneratorParam<int> blocks{"blocks", 0}, pixels{"pixels", 0}, rows{"rows", 0};

protected:
    Knobs knobs() const { return {.blocks = blocks, .pixels = pixels, .rows = rows}; }
};

}  // namespace unet::generators
