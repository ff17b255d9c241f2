#include "pipeline/gradient_sum.h"
#include <chrono>

namespace unet {

namespace {

constexpr size_t least_piece = 1 << 20;  // 4 MB: small layers travel together

using SteadyClock = std::chrono::steady_clock;

double seconds_until_now(SteadyClock::time_point start) {
    return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

}  // namespace

GradientSum::GradientSum(const Architecture &architecture, const std::vector<std::string> &order, int batch,
                         Collective &collective)
    : collective_(collective), sum_(architecture) {
    if (batch > 1) gradient_.emplace(architecture);
    if (collective.size() == 1) {
        sum_.keep_on_device();
        if (gradient_) gradient_->keep_on_device();
        return;
    }
    pieces_ = gradient_pieces(sum_.layout(), order, least_piece, Collective::most_floats);
    thread_ = std::thread([this] { exchange(); });
}

GradientSum::~GradientSum() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

// One process adds where it computes: its first gradient is the sum so far.
Parameters &GradientSum::target(Round round) { return collective_.size() == 1 && round.first ? sum_ : *gradient_; }

GradientSum::Turn::Turn(GradientSum &sum, Round round) : sum_(sum), round_(round) {}

void GradientSum::Turn::finish_layer() {
    if (sum_.thread_.joinable()) sum_.send(finished_++, round_);
}

void GradientSum::Turn::finish() {
    if (!sum_.thread_.joinable() && !round_.first) accumulate(sum_.sum_, *sum_.gradient_);
}

GradientSum::Turn::~Turn() {
    if (!sum_.thread_.joinable()) return;
    while (finished_ < sum_.pieces_.size()) sum_.send(finished_++, round_);
    sum_.wait();
}

void GradientSum::send(size_t layer, Round round) {
    if (pieces_.at(layer).empty()) return;
    {
        const std::lock_guard lock(mutex_);
        for (const GradientPiece &piece : pieces_[layer]) waiting_.push_back({piece, round});
    }
    changed_.notify_all();
}

void GradientSum::wait() {
    const SteadyClock::time_point start = SteadyClock::now();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_.empty(); });
    traffic_.waited += seconds_until_now(start);
}

// What the thread does.
void GradientSum::exchange() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        const auto [piece, round] = waiting_.front();
        lock.unlock();
        const SteadyClock::time_point start = SteadyClock::now();
        collective_.add_in_order(gradient_->data() + piece.begin, sum_.data() + piece.begin, piece.count, round);
        lock.lock();
        traffic_.seconds += seconds_until_now(start);
        traffic_.bytes += piece.count * sizeof(float);
        waiting_.pop_front();
        changed_.notify_all();
    }
}

}  // namespace unet
