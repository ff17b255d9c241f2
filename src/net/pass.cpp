#include "src/net/pass.h"
#include "src/base/error.h"
#include "src/net/arena.h"
#include <chrono>
#include <map>

namespace unet {

namespace {

struct Use {
    Tensor *tensor;
    Lifetime lifetime;
};

// In the order in which the tensors are written first.
std::vector<Use> uses_of(const std::vector<Step> &steps) {
    std::vector<Use> uses;
    std::map<const Tensor *, size_t> index;
    for (int i = 0; i < int(steps.size()); i++) {
        for (const Tensor *tensor : steps[i].reads) {
            const auto found = index.find(tensor);
            if (found == index.end()) throw Error(Exit::internal, steps[i].name + " reads what no step has written");
            uses[found->second].lifetime.last = i;
        }
        for (Tensor *tensor : steps[i].writes) {
            const auto [found, is_new] = index.emplace(tensor, uses.size());
            if (is_new) uses.push_back({tensor, {tensor->bytes(), i, i}});
            uses[found->second].lifetime.last = i;
        }
    }
    return uses;
}

size_t bytes_of(const Step &step) {
    size_t bytes = step.other_bytes - step.unread_bytes;
    for (const Tensor *tensor : step.reads) bytes += tensor->bytes();
    for (const Tensor *tensor : step.writes) bytes += tensor->bytes();
    return bytes;
}

}  // namespace

void Pass::place() {
    const std::vector<Use> uses = uses_of(steps_);
    std::vector<Lifetime> lifetimes;
    for (const Use &use : uses) lifetimes.push_back(use.lifetime);
    const ArenaLayout layout = lay_out(lifetimes);
    if (layout.bytes > bytes()) {
        memory_.reset();  // first, so that the old block and the new one are never held together
        memory_ = std::make_unique<FloatBuffer>(layout.bytes / sizeof(float));
    }
    for (size_t i = 0; i < uses.size(); i++) uses[i].tensor->place(memory_->data() + layout.offsets[i] / sizeof(float));
}

// A clock call costs 30 ns; the smallest layer runs for tens of microseconds.
void Pass::run() {
    times_.clear();
    for (const Step &step : steps_) {
        const auto start = std::chrono::steady_clock::now();
        step.run();
        for (const Tensor *tensor : step.writes) tensor->clear_surplus();
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        times_.push_back({step.name, seconds.count(), step.multiply_adds, bytes_of(step)});
    }
}

}  // namespace unet
