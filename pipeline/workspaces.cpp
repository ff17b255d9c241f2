#include "pipeline/workspaces.h"

namespace unet {

void Workspaces::borrow(const std::function<void(UNet &)> &work) {
    std::unique_ptr<UNet> net = take();
    work(*net);
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(net));
}

std::unique_ptr<UNet> Workspaces::take() {
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            std::unique_ptr<UNet> net = std::move(idle_.back());
            idle_.pop_back();
            return net;
        }
    }
    return std::make_unique<UNet>(architecture_, largest_, UNet::Use::inference);
}

}  // namespace unet
