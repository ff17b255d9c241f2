// Networks that tiles borrow.
#pragma once
#include "src/kernels/devices.h"
#include "src/net/unet.h"
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace unet {

/// Networks for inputs up to one size, lent to one tile at a time. As many are made as are ever borrowed at once; on
/// devices each has its own queue, on each device in use in turn.
class Workspaces {
public:
    Workspaces(const Architecture &architecture, Size largest) : architecture_(architecture), largest_(largest) {}

    /// Calls `work` with a network that nothing else uses meanwhile.
    void borrow(const std::function<void(UNet &)> &work);

private:
    struct Workspace {
        std::unique_ptr<DeviceQueue> queue;  // null on a CPU
        std::unique_ptr<UNet> net;
    };
    Workspace take();

    Architecture architecture_;
    Size largest_;
    std::mutex mutex_;
    std::vector<Workspace> idle_;
    size_t made_ = 0;
};

}  // namespace unet
