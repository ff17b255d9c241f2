#include "src/label/streamed_objects.h"

namespace unet {

namespace {

// In StreamedObjects::order_: whether a label is that of a piece or of a seed.
constexpr uint64_t whole_piece = 0, part_of_piece = uint64_t(1) << 32;

}  // namespace

StreamedObjects::StreamedObjects(Size page, int pages, const ObjectOptions &options,
                                 const std::filesystem::path &folder)
    : page_(page), options_(options), scan_(options.fill_holes ? Scan::holes : Scan::pieces),
      pieces_({options.corners, options.through_pages}, folder), order_(folder) {
    const Neighbourhood neighbourhood{options.corners, options.through_pages};
    if (options.fill_holes) filler_.emplace(page, pages, neighbourhood, folder);
    if (options.seed)
        watershed_.emplace(neighbourhood, StreamedWatershed::Options{*options.seed, options.smallest}, folder,
                           options.go_on);
}

int StreamedObjects::scans_left() const {
    const int floods = watershed_ && (scan_ < Scan::floods || watershed_->parts_any());
    switch (scan_) {
    case Scan::holes: return 3 + floods;
    case Scan::pieces: return 2 + floods;
    case Scan::floods: return 2;
    default: return 1;
    }
}

/// Whether a pixel of the run is in the field of interest.
bool StreamedObjects::is_inside(RowPlace at, const Run &run) const {
    const int rim = options_.field_of_interest;
    return at.y >= rim && at.y < page_.height - rim && run.end > rim && run.begin < page_.width - rim;
}

void StreamedObjects::add(const StackRow &row) {
    if (scan_ == Scan::holes) return filler_->find(row);
    if (filler_) {
        const StackRow filled = filler_->fill(row);
        return add_filled(filled);
    }
    add_filled(row);
}

void StreamedObjects::add_filled(const StackRow &row) {
    const auto inside = [this](RowPlace at, const Run &run) { return is_inside(at, run); };
    if (scan_ == Scan::floods)
        return watershed_->add(row, pieces_.recognise(row.at, row.runs), pieces_.table(), inside);
    const std::vector<uint32_t> &labels =
        pieces_.find(row.at, row.runs, [&](const Run &run) { return is_inside(row.at, run); });
    if (watershed_) watershed_->find(row, labels);
}

void StreamedObjects::end_scan() {
    if (filler_) filler_->rewind();
    if (scan_ == Scan::holes) {
        scan_ = Scan::pieces;
        return;
    }
    pieces_.rewind();
    if (watershed_ && scan_ == Scan::pieces) watershed_->count_seeds(pieces_.table());
    if (scan_ == Scan::pieces && watershed_ && watershed_->parts_any()) {
        scan_ = Scan::floods;
        return;
    }
    if (scan_ == Scan::floods)
        watershed_->end_floods([this](RowPlace at, const Run &run) { return is_inside(at, run); });
    scan_ = Scan::numbers;
    count_objects();
}

bool StreamedObjects::is_kept(ObjectTable &table, uint32_t label) const {
    return table.marked(label) && table.shape(label).pixels >= options_.smallest;
}

void StreamedObjects::count_objects() {
    const auto count = [&](ObjectTable &table, const auto &counts) {
        for (uint32_t label = 0; label < table.size(); label++)
            count_ += table.root(label) == label && counts(label) && is_kept(table, label);
    };
    count(pieces_.table(), [&](uint32_t label) { return !watershed_ || !watershed_->is_parted(label); });
    if (watershed_) count(watershed_->objects(), [](uint32_t) { return true; });
}

const std::vector<NumberedRun> &StreamedObjects::number(const StackRow &row) {
    numbered_.clear();
    if (filler_) number_filled(filler_->fill(row));
    else number_filled(row);
    return numbered_;
}

void StreamedObjects::number_filled(const StackRow &row) {
    const std::vector<uint32_t> &roots = pieces_.recognise(row.at, row.runs);
    for (size_t i = 0; i < row.runs.size(); i++) {
        if (watershed_ && watershed_->is_parted(roots[i]))
            watershed_->for_each_part(roots[i], row.runs[i], [&](const Run &run, uint32_t label) {
                number_run(watershed_->objects(), label, run, part_of_piece);
            });
        else number_run(pieces_.table(), roots[i], row.runs[i], whole_piece);
    }
}

// Rows come in order, so an object that has no number yet is met by its first pixel.
void StreamedObjects::number_run(ObjectTable &table, uint32_t label, const Run &run, uint64_t kind) {
    uint32_t &number = table.number_of(label);
    if (number == 0 && is_kept(table, label)) {
        order_.push_back(kind | label);
        number = uint32_t(order_.size());
    }
    numbered_.push_back({run, number});
}

void StreamedObjects::list(const std::function<void(uint32_t, const ObjectShape &)> &take) {
    for (size_t i = 0; i < order_.size(); i++) {
        ObjectTable &table = order_[i] & part_of_piece ? watershed_->objects() : pieces_.table();
        take(uint32_t(i + 1), table.shape(uint32_t(order_[i])));
    }
}

void StreamedObjects::save(StateWriter &file) const {
    file.add(scan_);
    file.add(count_);
    if (filler_) filler_->save(file);
    pieces_.save(file);
    if (watershed_) watershed_->save(file);
    order_.save(file);
}

void StreamedObjects::load(StateReader &file) {
    file.read(scan_);
    file.read(count_);
    if (filler_) filler_->load(file);
    pieces_.load(file);
    if (watershed_) watershed_->load(file);
    order_.load(file);
}

}  // namespace unet
