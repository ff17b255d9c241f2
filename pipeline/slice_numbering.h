// Objects of slices that are held in memory whole, one after the other.
#pragma once
#include "pipeline/numbering.h"
#include "src/label/instances.h"
#include "src/sample/lazy_stack.h"
#include <optional>

namespace unet {

/// See instances(). Each slice is labelled twice: first its objects are only counted, so that their type is known.
class SliceNumbering : public Numbering {
public:
    /// `stack` must outlive it. `listed`: objects are to be listed, for which a table is kept in `folder`.
    SliceNumbering(const LazyStack &stack, int foreground, const InstanceOptions &options, bool listed,
                   const std::filesystem::path &folder);

    int scans_left() const override { return counted_ ? 1 : 2; }
    void scan(RowPlace from, const BandDone &band_done) override;
    void end_scan() override { counted_ = true; }
    uint64_t count() const override { return count_; }
    void number(RowPlace from, const RowTaker &take, const BandDone &band_done) override;
    void list(const std::function<void(uint32_t, const ObjectShape &)> &take) override;
    void save(StateWriter &file) const override;
    void load(StateReader &file) override;

private:
    Ids objects_of(int page) const;
    void number_row(const Ids &objects, RowPlace at, const RowTaker &take);

    const LazyStack &stack_;
    int foreground_;
    InstanceOptions options_;
    bool counted_ = false;
    uint64_t count_ = 0;
    uint32_t before_ = 0;  // objects of the slices that are numbered
    std::optional<ObjectTable> table_;
};

}  // namespace unet
