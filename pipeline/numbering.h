// The objects of a stack, found in a few scans, the last of which gives them their numbers.
#pragma once
#include "src/label/streamed_objects.h"
#include <memory>

namespace unet {

/// One way to find objects. A scan goes through all rows and can be gone on with from each row that `band_done` was
/// called with, by another one that has loaded what this one has saved there. Throws Error: data, io, no_input; and
/// what `band_done` throws.
class Numbering {
public:
    using BandDone = std::function<void(RowPlace next)>;
    using RowTaker = std::function<void(RowPlace at, const std::vector<NumberedRun> &row)>;

    virtual ~Numbering() = default;
    /// With the one under way.
    virtual int scans_left() const = 0;
    /// The scan under way, not the last one.
    virtual void scan(RowPlace from, const BandDone &band_done) = 0;
    virtual void end_scan() = 0;
    /// Of all objects; known in the last scan.
    virtual uint64_t count() const = 0;
    /// The last scan.
    virtual void number(RowPlace from, const RowTaker &take, const BandDone &band_done) = 0;
    /// After it.
    virtual void list(const std::function<void(uint32_t number, const ObjectShape &)> &take) = 0;
    virtual void save(StateWriter &file) const = 0;
    virtual void load(StateReader &file) = 0;
};

}  // namespace unet
