// Pieces of a stack parted into objects, row by row.
#pragma once
#include "src/base/disk_heap.h"
#include "src/label/flood.h"
#include "src/label/streamed_pieces.h"
#include <map>

namespace unet {

/// Columns of a row and the object there; 0 is none.
struct NumberedRun {
    Run run;
    uint32_t number = 0;
};

/// A watershed from seeds, each piece of the foreground by itself: pieces do not know of each other, so it is that of
/// the whole stack. A piece of one seed, or none, is an object; only of those with more seeds are pixels kept, from
/// their first row to their last: 8 bytes a pixel and 24 bytes a run, on the disk where memory is short. What is left
/// of them is 8 bytes for each run of an object.
class StreamedWatershed {
public:
    struct Options {
        double seed = 0;        ///< seeds are pieces above it
        uint64_t smallest = 1;  ///< pixels; smaller ones are none
    };

    /// `folder`: for temporary files. `go_on` is called while a piece is flooded, and may throw; then this object is of
    /// no use any more.
    StreamedWatershed(Neighbourhood neighbourhood, const Options &options, const std::filesystem::path &folder,
                      std::function<void()> go_on);

    /// The next row of the scan that finds seeds, and the labels of its runs' pieces.
    void find(const StackRow &row, const std::vector<uint32_t> &labels);
    /// All seeds are found, and `pieces` is complete.
    void count_seeds(ObjectTable &pieces);
    /// Whether the piece of this root is of several objects.
    bool is_parted(uint32_t root) const { return seeds_of_piece_[root] > 1; }
    bool parts_any() const { return parts_any_; }
    /// The next row of the scan that floods pieces, with the roots of its runs' pieces. `inside` says which runs mark
    /// their object.
    void add(const StackRow &row, const std::vector<uint32_t> &roots, ObjectTable &pieces,
             const std::function<bool(RowPlace, const Run &)> &inside);
    /// That scan is at its end.
    void end_floods(const std::function<bool(RowPlace, const Run &)> &inside) { flood_complete(inside); }

    /// Of parted pieces; labels are those of seeds.
    ObjectTable &objects() { return objects_; }
    const ObjectTable &objects() const { return objects_; }
    /// The objects of the next run of a parted piece: `take(run, label)`.
    void for_each_part(uint32_t root, const Run &run, const std::function<void(const Run &, uint32_t)> &take);

    void save(StateWriter &file) const;
    void load(StateReader &file);

private:
    /// A piece of which rows may be missing: runs, likelihoods and objects lie behind each other in heap_.
    struct OpenPiece {
        uint64_t place, runs, pixels, runs_so_far, pixels_so_far;
        uint32_t root;

        uint64_t bytes() const { return runs * sizeof(PieceRun) + pixels * (sizeof(float) + sizeof(uint32_t)); }
        PieceRun *first_run(const DiskHeap &heap) const;
        float *likelihoods(const DiskHeap &heap) const;
        uint32_t *objects(const DiskHeap &heap) const;
    };
    struct ObjectRun {
        int end;
        uint32_t label;
    };
    struct SeedRun {
        Run run;
        uint32_t object;
    };
    Runs seeds_of(const StackRow &row) const;
    std::vector<SeedRun> kept_seeds(const StackRow &row);
    OpenPiece &open(uint32_t root, const ObjectShape &shape);
    void add_run(OpenPiece &piece, RowPlace at, const Run &run, const float *likelihoods) const;
    void set_seed(const OpenPiece &piece, const Run &run, const SeedRun &seed) const;
    void flood_complete(const std::function<bool(RowPlace, const Run &)> &inside);
    void list_objects(const OpenPiece &piece, const std::function<bool(RowPlace, const Run &)> &inside);

    Neighbourhood neighbourhood_;
    Options options_;
    std::filesystem::path folder_;
    std::function<void()> go_on_;
    StreamedPieces seeds_;
    DiskVector<uint32_t> piece_of_seed_;  // labels by label
    DiskVector<uint8_t> seeds_of_piece_;  // by label, of roots; 2 are two and more
    bool parts_any_ = false;
    DiskHeap heap_;
    std::map<uint32_t, OpenPiece> open_;  // by root
    std::vector<OpenPiece> complete_;     // to be flooded
    uint64_t complete_pixels_ = 0;
    ObjectTable objects_;
    DiskVector<ObjectRun> runs_;  // of pieces, one behind the other
    DiskVector<uint64_t> lists_;  // by root: the next of runs_
};

}  // namespace unet
