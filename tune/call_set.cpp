#include "tune/call_set.h"
#include <algorithm>
#include <limits>

namespace unet {

namespace {

constexpr int rounds_to_see = 2;
constexpr double far_slower = -0.15;

/// The shortest of several times.
struct Shortest {
    double first = std::numeric_limits<double>::infinity(), second = first;
};

}  // namespace

CallSet::CallSet(const std::vector<CountedCall> &calls, const std::vector<bool> &outputs) {
    for (const CountedCall &counted : calls) {
        data_.push_back(std::make_unique<CallData>(counted.call, outputs));
        counts_.push_back(counted.count);
    }
}

std::string CallSet::bytes(const JitKernel &kernel) {
    Hash hash;
    for (const auto &data : data_) data->add_bytes(kernel, hash);
    return hash.text();
}

InTurn CallSet::time(const JitKernel &first, const JitKernel &second, int rounds) {
    std::vector<Shortest> of_call(data_.size());
    InTurn sum;
    for (int round = 0; round < rounds; round++) {
        sum = {};
        for (size_t i = 0; i < data_.size(); i++) {
            Shortest &shortest = of_call[i];
            // Who comes first finds the other's outputs in the cache, and the other the other way round.
            for (const bool turn : {round % 2 == 0, round % 2 != 0}) {
                double &best = turn ? shortest.first : shortest.second;
                best = std::min(best, data_[i]->time(turn ? first : second));
            }
            sum.first += shortest.first * double(counts_[i]);
            sum.second += shortest.second * double(counts_[i]);
        }
        if (round + 1 >= rounds_to_see && sum.gain() < far_slower) break;
    }
    return sum;
}

}  // namespace unet
