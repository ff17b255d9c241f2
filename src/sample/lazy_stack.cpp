#include "src/sample/lazy_stack.h"
#include "src/base/error.h"
#include "src/tile/mirror_pad.h"
#include <atomic>
#include <fmt/format.h>

namespace unet {

namespace {

uint64_t next_key() {
    static std::atomic<uint64_t> keys = 0;
    return keys++;
}

}  // namespace

std::shared_ptr<const ImageStack> StackPool::find(uint64_t key) {
    const std::lock_guard lock(mutex_);
    for (auto entry = entries_.begin(); entry != entries_.end(); ++entry)
        if (entry->key == key) {
            entries_.splice(entries_.begin(), entries_, entry);
            return entry->reader;
        }
    return nullptr;
}

void StackPool::put(uint64_t key, std::shared_ptr<const ImageStack> reader) {
    std::list<Entry> closed;  // closes its files after the lock is gone
    const std::lock_guard lock(mutex_);
    entries_.push_front({key, std::move(reader)});
    while (entries_.size() > capacity_) closed.splice(closed.begin(), entries_, std::prev(entries_.end()));
}

std::shared_ptr<const ImageStack> StackPool::get(uint64_t key,
                                                 const std::function<std::shared_ptr<const ImageStack>()> &open) {
    if (auto reader = find(key)) return reader;
    auto reader = open();  // without the lock: two threads may both open it, which costs a little time only
    put(key, reader);
    return reader;
}

LazyStack::LazyStack(std::vector<std::filesystem::path> files, std::shared_ptr<StackPool> pool, Slices slices,
                     ImageChoice choice)
    : files_(std::move(files)), choice_(std::move(choice)), key_(next_key()), pool_(std::move(pool)) {
    const ImageStack once(files_, choice_);
    shape_ = once.shape();
    name_ = once.name();
    page_ = {shape_.width, shape_.height};
    if (!slices) return;
    const auto [first, end] = *slices;
    if (first < 0 || first >= end || end > shape_.pages)
        throw Error(Exit::usage, fmt::format("--z {}:{}: {} has slices 0 to {}", first, end, name_, shape_.pages - 1));
    first_ = first;
    shape_.pages = end - first;
}

LazyStack LazyStack::part(Rect area) const {
    LazyStack part = *this;
    part.x_ += area.x;
    part.y_ += area.y;
    part.shape_.width = area.width;
    part.shape_.height = area.height;
    return part;
}

LazyStack LazyStack::unsure_at_edge(int rim, uint32_t ignored_id) const {
    LazyStack unsure = *this;
    unsure.rim_ = rim;
    unsure.ignored_id_ = ignored_id;
    return unsure;
}

std::shared_ptr<const ImageStack> LazyStack::reader() const {
    return pool_->get(key_, [this] { return std::make_shared<const ImageStack>(files_, choice_); });
}

Ids LazyStack::read_ids(int page, Rect region) const {
    const Rect there = in_file(region);
    Ids ids = reader()->read_ids(first_ + page, there);
    if (rim_ == 0) return ids;
    const auto in_rim = [this](int at, int size) { return at < rim_ || at >= size - rim_; };
    for (int y = 0; y < ids.height; y++)
        for (int x = 0; x < ids.width; x++)
            if (ids(x, y) == 0 && (in_rim(there.x + x, page_.width) || in_rim(there.y + y, page_.height)))
                ids(x, y) = ignored_id_;
    return ids;
}

Pixels LazyStack::read_mirrored(int page, Rect region) const {
    const Rect source = mirror_source(region, shape_.width, shape_.height);
    return mirror_pad(read(page, source), source, region, shape_.width, shape_.height);
}

Ids LazyStack::read_ids_mirrored(int page, Rect region) const {
    const Rect source = mirror_source(region, shape_.width, shape_.height);
    return mirror_pad(read_ids(page, source), source, region, shape_.width, shape_.height);
}

}  // namespace unet
