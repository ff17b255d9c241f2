#include "src/label/streamed_pieces.h"

namespace unet {

const std::vector<uint32_t> &StreamedPieces::find(RowPlace at, const Runs &runs,
                                                  const std::function<bool(const Run &)> &marks) {
    meetings_.clear();
    const std::vector<uint32_t> &labels =
        labels_.add(at, runs, [this](uint32_t a, uint32_t b) { meetings_.emplace_back(a, b); });
    for (size_t i = 0; i < runs.size(); i++) table_.add(labels[i], at, runs[i], marks(runs[i]));
    for (const auto &[a, b] : meetings_) table_.join(a, b);
    return labels;
}

const std::vector<uint32_t> &StreamedPieces::recognise(RowPlace at, const Runs &runs) {
    roots_.clear();
    for (const uint32_t label : labels_.add(at, runs)) roots_.push_back(table_.root(label));
    return roots_;
}

void StreamedPieces::save(StateWriter &file) const {
    labels_.save(file);
    table_.save(file);
}

void StreamedPieces::load(StateReader &file) {
    labels_.load(file);
    table_.load(file);
}

}  // namespace unet
