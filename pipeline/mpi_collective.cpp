#include "pipeline/mpi_collective.h"
#include "src/base/error.h"

#ifdef UNETFLOW_WITH_MPI
#include "pipeline/failure.h"
#include "src/base/float_buffer.h"
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <fmt/format.h>
#include <mpi.h>
#include <mutex>
#include <optional>
#include <sched.h>
#include <thread>
#include <vector>
#endif

namespace unet {

#ifdef UNETFLOW_WITH_MPI

namespace {

// Ends all ranks when one has died without a word. mpirun does that itself; srun does it only with
// --kill-on-bad-exit, and the others would wait for the dead one as long as their job may last.
class Watch {
public:
    Watch(int rank, int size) : next_((rank + 1) % size), previous_((rank + size - 1) % size) {
        thread_ = std::thread([this] { run(); });
    }
    ~Watch() {
        {
            const std::lock_guard lock(mutex_);
            ended_ = true;
        }
        changed_.notify_all();
        thread_.join();
        if (sending_ != MPI_REQUEST_NULL) MPI_Request_free(&sending_);
    }

private:
    static constexpr int tag = 1, patience = 30;  // beats of a second

    // Beats are counted, not seconds: a job that was suspended as a whole goes on.
    void run() {
        std::unique_lock lock(mutex_);
        for (int silent = 0; !ended_; changed_.wait_for(lock, std::chrono::seconds(1))) {
            beat();
            if (heard()) silent = 0;
            else if (++silent == patience) {
                tell(
                    {Exit::internal, fmt::format("rank {} has not been heard of for {} s: its process or node is lost; "
                                                 "run the same command again to go on from the last checkpoint",
                                                 previous_, patience)});
                MPI_Abort(MPI_COMM_WORLD, int(Exit::internal));
            }
        }
    }
    // Never waits: the next rank may be the dead one.
    void beat() {
        int sent = 0;
        MPI_Test(&sending_, &sent, MPI_STATUS_IGNORE);
        if (sent) MPI_Isend(nullptr, 0, MPI_BYTE, next_, tag, MPI_COMM_WORLD, &sending_);
    }
    bool heard() const {
        bool any = false;
        for (int there = 1; there;) {
            MPI_Iprobe(previous_, tag, MPI_COMM_WORLD, &there, MPI_STATUS_IGNORE);
            if (there) MPI_Recv(nullptr, 0, MPI_BYTE, previous_, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            any |= there != 0;
        }
        return any;
    }

    int next_, previous_;
    MPI_Request sending_ = MPI_REQUEST_NULL;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool ended_ = false;
    std::thread thread_;
};

// Errors of MPI itself end all ranks, with MPI's message: its default.
class MpiRanks : public Collective {
public:
    MpiRanks() {
        int level = 0;
        MPI_Init_thread(nullptr, nullptr, MPI_THREAD_MULTIPLE, &level);
        MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
        MPI_Comm_size(MPI_COMM_WORLD, &size_);
        if (level < MPI_THREAD_SERIALIZED) {
            MPI_Finalize();
            throw Error(Exit::usage, "MPI: this library serves one thread only; use one with MPI_THREAD_SERIALIZED");
        }
        received_.emplace(most_floats + size_t(size_));  // shares are rounded up
        if (level == MPI_THREAD_MULTIPLE && size_ > 1) watch_.emplace(rank_, size_);
    }
    ~MpiRanks() override {
        watch_.reset();
        MPI_Finalize();
    }

    int rank() const override { return rank_; }
    int size() const override { return size_; }
    NodeShare node() override;

    void gather(const void *mine, size_t bytes, void *all) override {
        MPI_Allgather(mine, int(bytes), MPI_BYTE, all, int(bytes), MPI_BYTE, MPI_COMM_WORLD);
    }
    void broadcast(void *data, size_t bytes) override {
        constexpr size_t most = 1 << 28;  // MPI counts in int
        for (size_t begin = 0; begin < bytes; begin += most)
            MPI_Bcast(static_cast<char *>(data) + begin, int(std::min(most, bytes - begin)), MPI_BYTE, 0,
                      MPI_COMM_WORLD);
    }
    void add_in_order(const float *mine, float *sum, size_t count, Round round) override;

private:
    int rank_ = 0, size_ = 1;
    std::optional<FloatBuffer> received_;
    std::optional<Watch> watch_;
};

// Each rank gets its share of everybody's floats, adds them, and gives the sum to all: each float travels as often as
// by MPI_Allreduce's rings, whose sums depend on the number of ranks and on which algorithm MPI chooses.
void MpiRanks::add_in_order(const float *mine, float *sum, size_t count, Round round) {
    if (count > most_floats) throw Error(Exit::internal, "a sum of more floats than there is room for");
    std::vector<int> counts, offsets;
    for (int rank = 0; rank < size_; rank++) {
        const Share share = share_of(rank, size_, count);
        counts.push_back(int(share.count)), offsets.push_back(int(share.begin));
    }
    const int own = counts[size_t(rank_)];
    std::vector<int> rows(size_t(size_), own), row_offsets;
    for (int rank = 0; rank < size_; rank++) row_offsets.push_back(rank * own);
    MPI_Alltoallv(mine, counts.data(), offsets.data(), MPI_FLOAT, received_->data(), rows.data(), row_offsets.data(),
                  MPI_FLOAT, MPI_COMM_WORLD);
    add_rows_in_order(received_->data(), size_, sum + offsets[size_t(rank_)], size_t(own), round.first);
    if (round.last)
        MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_FLOAT, sum, counts.data(), offsets.data(), MPI_FLOAT, MPI_COMM_WORLD);
}

NodeShare MpiRanks::node() {
    MPI_Comm node = MPI_COMM_NULL;
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
    NodeShare share;
    MPI_Comm_size(node, &share.ranks);
    cpu_set_t processors;
    CPU_ZERO(&processors);
    sched_getaffinity(0, sizeof processors, &processors);  // none, should it fail: then there is no share
    MPI_Allreduce(MPI_IN_PLACE, &processors, int(sizeof processors), MPI_BYTE, MPI_BOR, node);
    share.processors = CPU_COUNT(&processors);
    MPI_Comm_free(&node);
    return share;
}

}  // namespace

std::string mpi_name() {
    char text[MPI_MAX_LIBRARY_VERSION_STRING];
    int length = 0;
    MPI_Get_library_version(text, &length);
    const std::string whole(text, size_t(length));
    return whole.substr(0, whole.find_first_of(",\n"));  // builds and dates follow
}
std::unique_ptr<Collective> mpi_ranks() { return std::make_unique<MpiRanks>(); }

#else

std::string mpi_name() { return "none"; }
std::unique_ptr<Collective> mpi_ranks() {
    throw Error(Exit::usage, "this program was built without MPI and runs in one process; start it without mpirun, or "
                             "install libopenmpi-dev and build it again");
}

#endif

}  // namespace unet
