// Pieces that become objects: what they are made of, and which of them are one.
#pragma once
#include "src/base/disk_memory.h"
#include "src/label/runs.h"
#include <cstdint>
#include <functional>

namespace unet {

/// Pixels of an object: how many, where. Bounds are half open: [x, x_end), ...
struct ObjectShape {
    uint64_t pixels = 0;
    uint64_t runs = 0;                            ///< the stretches of rows that it is made of
    uint64_t sum_x = 0, sum_y = 0, sum_page = 0;  ///< of their coordinates
    int x = 0, y = 0, page = 0, x_end = 0, y_end = 0, page_end = 0;

    void add(RowPlace at, const Run &run);
    void add(const ObjectShape &other);
};

/// Union-find over labels that come in the order of the first pixels of their pieces. On a disk, since a large archive
/// may have more pieces than memory.
class ObjectTable {
public:
    explicit ObjectTable(const std::filesystem::path &folder) : records_(folder) {}

    /// A run of label `label`; labels come from 0 on. `marked`: the object is, if any of its runs is.
    void add(uint32_t label, RowPlace at, const Run &run, bool marked);
    void join(uint32_t a, uint32_t b);
    /// Labels 0 to `labels` - 1, of no pixels yet.
    void prepare(uint32_t labels);

    size_t size() const { return records_.size(); }
    /// The label that all of an object have in common.
    uint32_t root(uint32_t label);
    bool marked(uint32_t label) { return records_[root(label)].marked; }
    const ObjectShape &shape(uint32_t label) { return records_[root(label)].shape; }

    /// Numbers the objects that `kept` takes from 1 on, in the order of their first pixels; the others get 0. Returns
    /// their number.
    uint32_t number(const std::function<bool(const ObjectShape &shape, bool marked)> &kept);
    /// The number of an object; of one that has none, the place for it.
    uint32_t &number_of(uint32_t label) { return records_[root(label)].number; }
    /// The numbered objects in the order of their labels.
    void list(const std::function<void(uint32_t number, const ObjectShape &shape)> &take) const;

    void save(StateWriter &file) const { records_.save(file); }
    void load(StateReader &file) { records_.load(file); }

private:
    struct Record {
        uint32_t parent, number;
        bool marked;
        ObjectShape shape;
    };

    DiskVector<Record> records_;
};

}  // namespace unet
