// Objects of rows that are read as they are needed.
#pragma once
#include "pipeline/foreground_rows.h"
#include "pipeline/numbering.h"

namespace unet {

/// See StreamedObjects. `foreground.stack` must outlive it.
class StreamedNumbering : public Numbering {
public:
    StreamedNumbering(const Foreground &foreground, const ObjectOptions &options, const std::filesystem::path &folder);

    int scans_left() const override { return objects_.scans_left(); }
    void scan(RowPlace from, const BandDone &band_done) override;
    void end_scan() override { objects_.end_scan(); }
    uint64_t count() const override { return objects_.count(); }
    void number(RowPlace from, const RowTaker &take, const BandDone &band_done) override;
    void list(const std::function<void(uint32_t, const ObjectShape &)> &take) override { objects_.list(take); }
    void save(StateWriter &file) const override { objects_.save(file); }
    void load(StateReader &file) override { objects_.load(file); }

private:
    Foreground foreground_;
    StreamedObjects objects_;
};

}  // namespace unet
