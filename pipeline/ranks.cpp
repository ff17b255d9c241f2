#include "pipeline/ranks.h"
#include "pipeline/failure.h"
#include "pipeline/stop.h"
#include <optional>

namespace unet {

namespace {

Ranks *joined = nullptr;

// Nothing, on a rank that leaves only because another one has failed.
std::optional<Failure> own_failure(const std::exception_ptr &error) {
    try {
        std::rethrow_exception(error);
    } catch (const OtherRankFailed &) {
        return {};
    } catch (...) {
        return failure_of(error);
    }
}

}  // namespace

Ranks &ranks() {
    static Ranks alone(one_process());
    return joined ? *joined : alone;
}

void use_ranks(Ranks &ranks) { joined = &ranks; }

std::vector<Ranks::Ballot> Ranks::gather(const Ballot &mine) {
    std::vector<Ballot> all(static_cast<size_t>(size()));
    collective_->gather(&mine, sizeof mine, all.data());
    return all;
}

// Every meeting is one of these, whatever it is for: so any of them can be joined by a rank that has failed.
std::vector<Ranks::Ballot> Ranks::agree(const Ballot &mine) {
    std::vector<Ballot> all = gather(mine);
    const bool finished = all.front().vote == Vote::finished;
    bool stop = false;
    for (const Ballot &ballot : all) {
        if (ballot.vote != Vote::failed) continue;
        stop = true;
        if (ballot.code == Exit::interrupted) continue;
        over_ = true;
        throw OtherRankFailed{ballot.code};
    }
    if (!stop || finished) return all;
    over_ = true;
    throw_stopped();
}

std::vector<double> Ranks::meet(double mine) {
    if (size() == 1) return {mine};
    std::vector<double> values;
    for (const Ballot &ballot : agree({.value = mine})) values.push_back(ballot.value);
    return values;
}

void Ranks::share(void *data, size_t bytes) {
    if (size() == 1) return;
    meet();
    collective_->broadcast(data, bytes);
}

void Ranks::stop_together() {
    if (size() == 1) return;
    if (stop_requested()) agree({.vote = Vote::failed, .code = Exit::interrupted});
    else agree({});
}

void Ranks::together(const std::function<void()> &work) {
    if (size() == 1) return work();
    std::exception_ptr error;
    try {
        work();
        agree({.vote = Vote::finished});
    } catch (...) {
        error = std::current_exception();
    }
    if (error && !over_) {
        try {
            agree({.vote = Vote::failed, .code = failure_of(error).code});
            return;  // rank 0 has finished without what was stopped here
        } catch (...) {
            // What this rank has to say is in `error`.
        }
    }
    if (error) settle(error);
}

// All ranks come here from the same meeting, after which rank 0 may have had a checkpoint to write.
void Ranks::settle(const std::exception_ptr &error) {
    const std::optional<Failure> own = own_failure(error);
    const std::vector<Ballot> all = own ? gather({.vote = Vote::failed, .code = own->code}) : gather({});
    int speaker = 0;
    for (int rank = size() - 1; rank >= 0; rank--) {
        const Ballot &ballot = all[size_t(rank)], &chosen = all[size_t(speaker)];
        const bool chosen_matters_more = chosen.vote == Vote::failed && chosen.code != Exit::interrupted;
        if (ballot.vote == Vote::failed && (ballot.code != Exit::interrupted || !chosen_matters_more)) speaker = rank;
    }
    if (own && rank() == speaker) tell(*own);
    gather({});  // nobody leaves before the line is out
    if (first()) throw AlreadyTold{all[size_t(speaker)].code};
}

}  // namespace unet
