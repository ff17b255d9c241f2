#include "src/label/streamed_watershed.h"
#include <algorithm>
#include <tbb/parallel_for.h>

namespace unet {

namespace {

// Pieces that are complete are flooded side by side when they have so many pixels: some 50 MB, a tenth of a second.
constexpr uint64_t pixels_of_a_batch = 1 << 22;

}  // namespace

PieceRun *StreamedWatershed::OpenPiece::first_run(const DiskHeap &heap) const {
    return reinterpret_cast<PieceRun *>(heap.at(place));
}
float *StreamedWatershed::OpenPiece::likelihoods(const DiskHeap &heap) const {
    return reinterpret_cast<float *>(heap.at(place + runs * sizeof(PieceRun)));
}
uint32_t *StreamedWatershed::OpenPiece::objects(const DiskHeap &heap) const {
    return reinterpret_cast<uint32_t *>(heap.at(place + runs * sizeof(PieceRun) + pixels * sizeof(float)));
}

StreamedWatershed::StreamedWatershed(Neighbourhood neighbourhood, const Options &options,
                                     const std::filesystem::path &folder, std::function<void()> go_on)
    : neighbourhood_(neighbourhood), options_(options), folder_(folder), go_on_(std::move(go_on)),
      seeds_(neighbourhood, folder), piece_of_seed_(folder), seeds_of_piece_(folder), heap_(folder), objects_(folder),
      runs_(folder), lists_(folder) {}

Runs StreamedWatershed::seeds_of(const StackRow &row) const {
    Runs seeds;
    const float *likelihood = row.likelihoods.data();
    for (const Run &run : row.runs)
        for (int x = run.begin; x < run.end; x++) {
            if (!(*likelihood++ > options_.seed)) continue;
            if (x > run.begin && !seeds.empty() && seeds.back().end == x) seeds.back().end++;
            else seeds.push_back({x, x + 1});
        }
    return seeds;
}

void StreamedWatershed::find(const StackRow &row, const std::vector<uint32_t> &labels) {
    const Runs seeds = seeds_of(row);
    const std::vector<uint32_t> &of_seeds = seeds_.find(row.at, seeds, [](const Run &) { return true; });
    size_t run = 0;
    for (size_t i = 0; i < seeds.size(); i++) {
        while (row.runs[run].end <= seeds[i].begin) run++;
        if (of_seeds[i] == piece_of_seed_.size()) piece_of_seed_.push_back(labels[run]);
    }
}

void StreamedWatershed::count_seeds(ObjectTable &pieces) {
    seeds_of_piece_.resize(pieces.size());
    ObjectTable &seeds = seeds_.table();
    for (uint32_t seed = 0; seed < seeds.size(); seed++) {
        if (seeds.root(seed) != seed || seeds.shape(seed).pixels < options_.smallest) continue;
        uint8_t &count = seeds_of_piece_[pieces.root(piece_of_seed_[seed])];
        if (count < 2) count++;
        parts_any_ |= count > 1;
    }
    if (!parts_any_) return;
    objects_.prepare(uint32_t(seeds.size()));
    lists_.resize(pieces.size());
    seeds_.rewind();
}

std::vector<StreamedWatershed::SeedRun> StreamedWatershed::kept_seeds(const StackRow &row) {
    const Runs seeds = seeds_of(row);
    const std::vector<uint32_t> &roots = seeds_.recognise(row.at, seeds);
    std::vector<SeedRun> kept;
    for (size_t i = 0; i < seeds.size(); i++)
        if (seeds_.table().shape(roots[i]).pixels >= options_.smallest) kept.push_back({seeds[i], roots[i] + 1});
    return kept;
}

StreamedWatershed::OpenPiece &StreamedWatershed::open(uint32_t root, const ObjectShape &shape) {
    const auto [entry, is_new] = open_.try_emplace(root);
    if (is_new) {
        entry->second = {0, shape.runs, shape.pixels, 0, 0, root};
        entry->second.place = heap_.take(entry->second.bytes());
    }
    return entry->second;
}

void StreamedWatershed::add_run(OpenPiece &piece, RowPlace at, const Run &run, const float *likelihoods) const {
    const uint64_t length = uint64_t(run.end - run.begin), first = piece.pixels_so_far;
    piece.first_run(heap_)[piece.runs_so_far++] = {first, at.page, at.y, run.begin, run.end};
    std::copy_n(likelihoods, length, piece.likelihoods(heap_) + first);
    std::fill_n(piece.objects(heap_) + first, length, 0);
    piece.pixels_so_far += length;
}

/// In the run that was added last.
void StreamedWatershed::set_seed(const OpenPiece &piece, const Run &run, const SeedRun &seed) const {
    uint32_t *objects = piece.objects(heap_) + piece.pixels_so_far - (run.end - run.begin);
    std::fill(objects + (seed.run.begin - run.begin), objects + (seed.run.end - run.begin), seed.object);
}

void StreamedWatershed::add(const StackRow &row, const std::vector<uint32_t> &roots, ObjectTable &pieces,
                            const std::function<bool(RowPlace, const Run &)> &inside) {
    const std::vector<SeedRun> seeds = kept_seeds(row);
    const float *likelihoods = row.likelihoods.data();
    size_t seed = 0;
    for (size_t i = 0; i < row.runs.size(); i++) {
        const Run &run = row.runs[i];
        if (is_parted(roots[i])) {
            OpenPiece &piece = open(roots[i], pieces.shape(roots[i]));
            add_run(piece, row.at, run, likelihoods);
            while (seed < seeds.size() && seeds[seed].run.begin < run.begin) seed++;
            for (; seed < seeds.size() && seeds[seed].run.end <= run.end; seed++) set_seed(piece, run, seeds[seed]);
            if (piece.pixels_so_far == piece.pixels) {
                complete_pixels_ += piece.pixels;
                complete_.push_back(piece);
                open_.erase(roots[i]);
            }
        }
        likelihoods += run.end - run.begin;
    }
    if (complete_pixels_ >= pixels_of_a_batch) flood_complete(inside);
}

void StreamedWatershed::flood_complete(const std::function<bool(RowPlace, const Run &)> &inside) {
    tbb::parallel_for(size_t(0), complete_.size(), [&](size_t i) {
        const OpenPiece &piece = complete_[i];
        flood_piece({piece.first_run(heap_), piece.runs, piece.pixels, piece.likelihoods(heap_), piece.objects(heap_)},
                    neighbourhood_, folder_, go_on_);
    });
    for (const OpenPiece &piece : complete_) {
        list_objects(piece, inside);
        heap_.give_back(piece.place, piece.bytes());
    }
    complete_.clear();
    complete_pixels_ = 0;
}

void StreamedWatershed::list_objects(const OpenPiece &piece, const std::function<bool(RowPlace, const Run &)> &inside) {
    lists_[piece.root] = runs_.size();
    const uint32_t *objects = piece.objects(heap_);
    for (uint64_t i = 0; i < piece.runs; i++) {
        const PieceRun &run = piece.first_run(heap_)[i];
        const uint32_t *of_run = objects + run.first;
        for (int x = run.begin; x < run.end;) {
            const uint32_t object = of_run[x - run.begin];
            const int begin = x;
            while (x < run.end && of_run[x - run.begin] == object) x++;
            const RowPlace at{run.page, run.y};
            objects_.add(object - 1, at, {begin, x}, inside(at, {begin, x}));
            runs_.push_back({x, object - 1});
        }
    }
}

void StreamedWatershed::for_each_part(uint32_t root, const Run &run,
                                      const std::function<void(const Run &, uint32_t)> &take) {
    for (int begin = run.begin; begin < run.end;) {
        const ObjectRun part = runs_[lists_[root]++];
        take({begin, part.end}, part.label);
        begin = part.end;
    }
}

void StreamedWatershed::save(StateWriter &file) const {
    seeds_.save(file);
    piece_of_seed_.save(file);
    seeds_of_piece_.save(file);
    file.add(parts_any_);
    const auto save_piece = [&](const OpenPiece &piece) {
        file.add(piece);
        file.add(piece.bytes());
        file.add(heap_.at(piece.place), piece.bytes());
    };
    file.add(uint64_t(complete_.size()));
    for (const OpenPiece &piece : complete_) save_piece(piece);
    file.add(uint64_t(open_.size()));
    for (const auto &[root, piece] : open_) save_piece(piece);
    objects_.save(file);
    runs_.save(file);
    lists_.save(file);
}

void StreamedWatershed::load(StateReader &file) {
    seeds_.load(file);
    piece_of_seed_.load(file);
    seeds_of_piece_.load(file);
    file.read(parts_any_);
    const auto load_piece = [&] {
        OpenPiece piece;
        file.read(piece);
        const uint64_t bytes = file.count(1);
        piece.place = heap_.take(bytes);
        file.read(heap_.at(piece.place), bytes);
        return piece;
    };
    for (size_t left = file.count(sizeof(OpenPiece)); left > 0; left--) {
        complete_.push_back(load_piece());
        complete_pixels_ += complete_.back().pixels;
    }
    for (size_t left = file.count(sizeof(OpenPiece)); left > 0; left--) {
        const OpenPiece piece = load_piece();
        open_[piece.root] = piece;
    }
    objects_.load(file);
    runs_.load(file);
    lists_.load(file);
}

}  // namespace unet
