// The gradient of a batch, whose samples are spread over the ranks.
#pragma once
#include "pipeline/collective.h"
#include "pipeline/gradient_pieces.h"
#include "src/net/parameters.h"
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

namespace unet {

/// What it took to add gradients up over ranks.
struct GradientTraffic {
    uint64_t bytes = 0;  ///< of gradients that this rank gave
    double seconds = 0;  ///< in which they travelled and were added
    double waited = 0;   ///< of these: with nothing else to do
};

/// The sum of the gradients of a batch's samples in sample order: ((g0 + g1) + g2) + ..., float by float, the same for
/// any number of ranks. In each round every rank has one sample: sample i belongs to rank i modulo their number. While
/// the backward pass of a rank still runs, a thread exchanges the gradients of those layers that are finished. Of a
/// single rank all of it stays on the device that kernels run on; ranks add on the host.
class GradientSum {
public:
    /// `order`: the layers as their gradients are finished (UNet::gradient_order).
    GradientSum(const Architecture &architecture, const std::vector<std::string> &order, int batch,
                Collective &collective);
    ~GradientSum();
    GradientSum(const GradientSum &) = delete;

    /// The gradient of one sample of this rank. When it is finished and destroyed, it has been added, on all ranks. So
    /// has, by several ranks, what was not finished, as it was found: after an error no other rank waits for it.
    class Turn {
    public:
        Turn(GradientSum &sum, Round round);
        ~Turn();
        Turn(const Turn &) = delete;

        Parameters &gradient() { return sum_.target(round_); }
        /// The next layer of the order has its gradient, and keeps it.
        void finish_layer();
        void finish();  ///< all have

    private:
        GradientSum &sum_;
        Round round_;
        size_t finished_ = 0;
    };

    /// After the last round of a batch.
    Parameters &sum() { return sum_; }
    const GradientTraffic &traffic() const { return traffic_; }

private:
    Parameters &target(Round round);
    void send(size_t layer, Round round);
    void wait();
    void exchange();

    Collective &collective_;
    Parameters sum_;
    std::optional<Parameters> gradient_;              // of one sample; a batch of one adds nothing up
    std::vector<std::vector<GradientPiece>> pieces_;  // to be sent after each layer of the order
    GradientTraffic traffic_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::pair<GradientPiece, Round>> waiting_;  // one that travels is still in front
    bool ended_ = false;
    std::thread thread_;
};

}  // namespace unet
