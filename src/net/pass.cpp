#include "src/net/pass.h"
#include "src/base/error.h"
#include "src/kernels/kernels.h"
#include "src/kernels/scratch.h"
#include <algorithm>
#include <chrono>
#include <map>
#include <tbb/task_arena.h>

namespace unet {

namespace {

bool contains(const std::vector<Tensor *> &tensors, const Tensor *tensor) {
    return std::find(tensors.begin(), tensors.end(), tensor) != tensors.end();
}

size_t bytes_moved(const Step &step) {
    size_t bytes = step.other_bytes - step.unread_bytes;
    for (const Tensor *tensor : step.reads) bytes += tensor->whole_bytes();
    for (const Tensor *tensor : step.writes) bytes += tensor->whole_bytes();
    return bytes;
}

}  // namespace

void Pass::cut_into_chains(size_t strip_bytes) {
    chains_.clear();
    for (int begin = 0, end; begin < int(steps_.size()); begin = end) {
        std::vector<RowUse> layers;
        StripWork work{.threads = tbb::this_task_arena::max_concurrency()};
        for (end = begin; end < int(steps_.size()) && (end == begin || follows(end)); end++) {
            layers.push_back(steps_[end].rows);
            work.filter_bytes += steps_[end].other_bytes;
            for (const Tensor *tensor : steps_[end].writes) work.written += tensor->whole_bytes();
            work.height = layers.back().height, work.tallest = std::max(work.tallest, work.height);
        }
        const int rows = strip_rows(work, strip_bytes);
        if (rows < work.height) chains_.push_back({begin, end, cut_into_strips(layers, rows)});
        else  // one after the other: then no layer's memory is taken before its turn
            for (int step = begin; step < end; step++)
                chains_.push_back({step, step + 1, {{{0, steps_[step].rows.height}}}});
    }
}

bool Pass::follows(int step) const {
    return steps_[size_t(step)].follows && steps_[size_t(step)].rows.height > 0 &&
           steps_[size_t(step) - 1].rows.height > 0;
}

bool Pass::is_passed_on(const Tensor *tensor, int step) const {
    for (int other = 0; other < int(steps_.size()); other++) {
        const bool written = other != step && contains(steps_[size_t(other)].writes, tensor);
        const bool read = other != step + 1 && contains(steps_[size_t(other)].reads, tensor);
        if (written || read) return false;
    }
    return true;
}

void Pass::hold_few_rows(const Chain &chain) {
    for (int step = chain.begin; step + 1 < chain.end; step++) {
        int most = 0;
        for (size_t strip = 0; strip < chain.strips.size(); strip++)
            most = std::max(most, chain.rows(strip, step).end - first_row_read(chain, strip, step + 1));
        for (Tensor *tensor : steps_[step].writes)
            if (is_passed_on(tensor, step)) tensor->hold_rows(most);
    }
}

std::vector<Pass::Use> Pass::uses() {
    scratch_.assign(steps_.size(), nullptr), filters_.assign(steps_.size(), nullptr);
    std::vector<Use> uses;
    std::map<const Tensor *, size_t> index;
    for (int chain = 0; chain < int(chains_.size()); chain++)
        for (int i = chains_[chain].begin; i < chains_[chain].end; i++) {
            for (const Tensor *tensor : steps_[i].reads) {
                const auto found = index.find(tensor);
                if (found == index.end())
                    throw Error(Exit::internal, steps_[i].name + " reads what no step has written");
                uses[found->second].lifetime.last = chain;
            }
            for (Tensor *tensor : steps_[i].writes) {
                const auto [found, is_new] = index.emplace(tensor, uses.size());
                if (is_new) uses.push_back({tensor, nullptr, {tensor->bytes(), chain, chain}});
                uses[found->second].lifetime.last = chain;
            }
            const size_t scratch = kernels().on_device() ? 0 : steps_[i].scratch_bytes;
            if (scratch) uses.push_back({nullptr, &scratch_[i], {scratch, chain, chain}});
            if (const size_t bytes = steps_[i].filter_bytes)
                uses.push_back({nullptr, &filters_[i], {bytes, chain, chain}});
        }
    return uses;
}

void Pass::plan(size_t strip_bytes) {
    cut_into_chains(kernels().on_device() ? whole_layers : strip_bytes);
    for (const Chain &chain : chains_) hold_few_rows(chain);
    uses_ = uses();
    std::vector<Lifetime> lifetimes;
    for (const Use &use : uses_) {  // of whole multiples, so that each begins at one
        lifetimes.push_back(use.lifetime);
        size_t &bytes = lifetimes.back().bytes;
        bytes = (bytes + block_alignment() - 1) / block_alignment() * block_alignment();
    }
    layout_ = lay_out(lifetimes);
}

void Pass::place() {
    if (planned_bytes() > bytes()) {
        release();  // first, so that the old block and the new one are never held together
        memory_ = std::make_unique<FloatBuffer>(planned_bytes() / sizeof(float));
        on_device_ = DeviceMemory::in_place_of(memory_->data(), bytes());
    }
    for (size_t i = 0; i < uses_.size(); i++) {
        float *const memory = memory_->data() + layout_.offsets[i] / sizeof(float);
        if (uses_[i].tensor) uses_[i].tensor->place(memory);
        else *uses_[i].other = memory;
    }
}

double Pass::multiply_adds() const {
    double sum = 0;
    for (const Step &step : steps_) sum += step.multiply_adds;
    return sum;
}

void Pass::run() {
    times_.clear();
    for (const Step &step : steps_) times_.push_back({step.name, 0, step.multiply_adds, bytes_moved(step)});
    for (const Chain &chain : chains_) {
        prepare(chain);
        for (size_t strip = 0; strip < chain.strips.size(); strip++)
            for (int step = chain.begin; step < chain.end; step++) run_strip(chain, strip, step);
    }
}

void Pass::prepare(const Chain &chain) {
    for (int step = chain.begin; step < chain.end; step++) {
        if (!steps_[step].prepare) continue;
        const auto start = std::chrono::steady_clock::now();
        steps_[step].prepare(filters_[step]);
        if (waits_ && on_device_) current_queue()->finish();
        times_[step].seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
}

void Pass::clear_surplus(const Step &step, const Tensor &tensor, Rows rows) const {
    const auto [width, height] = tensor.size();
    if (on_device_ && !step.on_host) unet::run(kernels().clear_surplus, width, height, tensor.bordered());
    else if (rows.count()) tensor.clear_surplus(rows);
    else tensor.clear_surplus();
    if (on_device_ && step.on_host) on_device_->upload(tensor.data(), tensor.bytes());
}

// A clock call costs 30 ns; the smallest layer runs for tens of microseconds.
void Pass::run_strip(const Chain &chain, size_t strip, int index) {
    const Step &step = steps_[index];
    const Rows rows = chain.rows(strip, index);
    if (chain.strips.size() > 1 && rows.count() == 0) return;  // ran ahead to its end
    const auto start = std::chrono::steady_clock::now();
    for (Tensor *tensor : step.writes)
        if (tensor->holds_few_rows()) tensor->move_to({first_row_read(chain, strip, index + 1), rows.begin});
    float *const memory = scratch_[size_t(index)];
    const ScratchRegion scratch(memory, memory ? step.scratch_bytes : 0);
    step.run(rows);
    for (const Tensor *tensor : step.writes) clear_surplus(step, *tensor, rows);
    if (waits_ && on_device_) current_queue()->finish();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    times_[index].seconds += seconds.count();
}

}  // namespace unet
