// Networks that tiles borrow.
#pragma once
#include "src/net/unet.h"
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace unet {

/// Networks for inputs up to one size, lent to one tile at a time. As many are made as are ever borrowed at once.
class Workspaces {
public:
    Workspaces(const Architecture &architecture, Size largest) : architecture_(architecture), largest_(largest) {}

    /// Calls `work` with a network that nothing else uses meanwhile.
    void borrow(const std::function<void(UNet &)> &work);

private:
    std::unique_ptr<UNet> take();

    Architecture architecture_;
    Size largest_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<UNet>> idle_;
};

}  // namespace unet
