#include "pipeline/mpi_collective.h"
#include "src/base/error.h"

#ifdef UNETFLOW_WITH_MPI
#include "src/base/float_buffer.h"
#include <algorithm>
#include <mpi.h>
#include <optional>
#include <sched.h>
#include <vector>
#endif

namespace unet {

#ifdef UNETFLOW_WITH_MPI

namespace {

// Errors of MPI itself end all ranks, with MPI's message: its default.
class MpiRanks : public Collective {
public:
    MpiRanks() {
        int level = 0;
        MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &level);
        MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
        MPI_Comm_size(MPI_COMM_WORLD, &size_);
        if (level < MPI_THREAD_SERIALIZED) {
            MPI_Finalize();
            throw Error(Exit::usage, "MPI: this library serves one thread only; use one with MPI_THREAD_SERIALIZED");
        }
        received_.emplace(most_floats + size_t(size_));  // shares are rounded up
    }
    ~MpiRanks() override { MPI_Finalize(); }

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
