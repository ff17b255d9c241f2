// Processes that train together and end together.
#pragma once
#include "pipeline/collective.h"
#include "src/base/error.h"
#include <exception>
#include <functional>
#include <vector>

namespace unet {

/// Thrown on a rank by `meet` when another rank has failed.
struct OtherRankFailed {
    Exit code;
};

/// Thrown when the failure has been told to the user.
struct AlreadyTold {
    Exit code;
};

/// Keeps ranks in step. All of them do the same between two meetings; one that fails comes to the meeting at which the
/// others are, or to which they come, and says so: all leave there, and none waits for ever. Of a process by itself
/// every function is empty.
class Ranks {
public:
    explicit Ranks(std::unique_ptr<Collective> collective) : collective_(std::move(collective)) {}

    int rank() const { return collective_->rank(); }
    int size() const { return collective_->size(); }
    bool first() const { return rank() == 0; }  ///< the one that writes files and speaks
    Collective &collective() { return *collective_; }

    /// Runs the work of all ranks. When it fails on any rank, the lowest of these prints its line, rank 0 throws
    /// AlreadyTold, and the others return: launchers make the code of rank 0 that of the job, and end ranks that are
    /// still busy when one leaves with another code than 0. A stop signal counts for less than an error, and for
    /// nothing when rank 0 has come to the end.
    void together(const std::function<void()> &work);

    /// A number of each rank to all. Throws OtherRankFailed.
    std::vector<double> meet(double mine = 0);
    double of_first(double mine) { return meet(mine).front(); }
    /// What rank 0 has, to all. Throws OtherRankFailed.
    void share(void *data, size_t bytes);
    /// Throws Error(interrupted) on all ranks when any of them got a stop signal, OtherRankFailed.
    void stop_together();

private:
    enum class Vote { go_on, finished, failed };
    struct Ballot {
        Vote vote = Vote::go_on;
        Exit code = Exit::done;
        double value = 0;
    };
    std::vector<Ballot> gather(const Ballot &mine);
    std::vector<Ballot> agree(const Ballot &mine);
    void settle(const std::exception_ptr &error);

    std::unique_ptr<Collective> collective_;
    bool over_ = false;  // all ranks know that one has failed
};

/// The ranks of this process: by itself, until main has joined others.
Ranks &ranks();
void use_ranks(Ranks &ranks);

}  // namespace unet
