#include "pipeline/workspaces.h"

namespace unet {

void Workspaces::borrow(const std::function<void(UNet &)> &work) {
    Workspace space = take();
    const OnQueue own(space.queue.get());
    if (!space.net) space.net = std::make_unique<UNet>(architecture_, largest_, UNet::Use::inference);
    work(*space.net);
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(space));
}

Workspaces::Workspace Workspaces::take() {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
        Workspace space = std::move(idle_.back());
        idle_.pop_back();
        return space;
    }
    const std::span devices = devices_in_use();
    if (devices.empty()) return {};
    return {std::make_unique<DeviceQueue>(*devices[made_++ % devices.size()]), nullptr};
}

}  // namespace unet
