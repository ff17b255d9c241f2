#include "src/net/unet.h"
#include "src/base/error.h"
#include "src/net/unet_impl.h"
#include <algorithm>
#include <fmt/format.h>

namespace unet {

void UNet::Impl::fit(Size size) {
    if (size != input) {
        input = {};
        plan(size);
    } else if (pass.bytes() > 0) return;
    pass.place();
    input = size;
}

void UNet::Impl::plan(Size size) {
    if (unet::output_size(architecture, size) == Size{}) {
        const TileGeometry g = geometry(architecture);
        throw Error(Exit::usage, fmt::format("input size {} x {}: the network needs {} or more in steps of {}",
                                             size.width, size.height, g.smallest_input, g.step));
    }
    pass.clear();
    gradient_order.clear();
    values = NetTensors(architecture, size);
    add_forward();
    if (use == Use::inference) add_output();
    else {
        gradients = again = NetTensors(architecture, size);
        add_loss();
        add_backward();
    }
    pass.plan(strip_bytes);
}

Pixels UNet::Impl::segment(const PreparedWeights &prepared, const Pixels &image, bool probabilities) {
    fit({image.width, image.height});
    const Size size = values.features().size();
    Pixels result(architecture.classes, size.width, size.height);
    run({.prepared = &prepared, .image = &image, .dropout = {}, .probabilities = probabilities, .result = &result});
    return result;
}

UNet::UNet(const Architecture &architecture, Size largest, Use use, size_t strip_bytes)
    : impl_(std::make_unique<Impl>(architecture, use, strip_bytes)) {
    impl_->fit(largest);
}

UNet::~UNet() = default;

size_t UNet::planned_bytes(const Architecture &architecture, Size largest, Use use, size_t strip_bytes) {
    Impl impl(architecture, use, strip_bytes);
    impl.plan(largest);
    return impl.pass.planned_bytes();
}

double UNet::inference_multiply_adds(const Architecture &architecture, Size size) {
    Impl impl(architecture, Use::inference, usual_strip_bytes);
    impl.plan(size);
    return impl.pass.multiply_adds();
}

void UNet::release() { impl_->pass.release(); }

size_t UNet::bytes() const { return impl_->pass.bytes(); }
void UNet::wait_for_layers(bool wait) { impl_->pass.wait_for_steps(wait); }
const std::vector<LayerTime> &UNet::layer_times() const { return impl_->pass.times(); }
const std::vector<std::string> &UNet::gradient_order() const { return impl_->gradient_order; }

Pixels UNet::segment(const PreparedWeights &prepared, const Pixels &image) {
    return impl_->segment(prepared, image, true);
}

Pixels UNet::scores(const PreparedWeights &prepared, const Pixels &image) {
    return impl_->segment(prepared, image, false);
}

double UNet::train(const Parameters &parameters, const Pixels &image, const Classes &labels, const Pixels &weights,
                   const Dropout &dropout, Parameters &gradient, const LossOptions &loss,
                   const std::function<void()> &layer_done) {
    impl_->fit({image.width, image.height});
    PreparedWeights prepared(parameters, PreparedWeights::Use::training);
    const bool stays = DeviceMemory::holding(gradient.data());
    const auto on_device = DeviceMemory::in_place_of(gradient.data(), gradient.size() * sizeof(float));
    if (on_device) clear(gradient);  // what layers add to: src/net/gradient_sums.h
    impl_->run({.prepared = &prepared,
                .by_layer = &prepared,
                .image = &image,
                .labels = &labels,
                .weights = &weights,
                .dropout = dropout,
                .gradient = &gradient,
                .loss_options = loss,
                .layer_done = on_device ? nullptr : layer_done});
    if (!on_device) return impl_->call.loss;
    if (!stays) on_device->download();
    for (size_t layer = 0; layer_done && layer < impl_->gradient_order.size(); layer++) layer_done();
    return impl_->call.loss;
}

}  // namespace unet
