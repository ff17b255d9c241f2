// Stacks that hold file handles only while they are read: hundreds of files, few handles.
#pragma once
#include "src/stack/image_stack.h"
#include <functional>
#include <list>
#include <mutex>
#include <optional>

namespace unet {

/// Keeps the readers that were used last; the others are closed. Safe from several threads.
class StackPool {
public:
    /// `capacity` readers stay open; those a thread is reading from come on top.
    explicit StackPool(size_t capacity = 8) : capacity_(capacity) {}

    /// The open reader of `key`, a number that is never given twice, opened by `open` when it is not among the last
    /// used.
    std::shared_ptr<const ImageStack> get(uint64_t key, const std::function<std::shared_ptr<const ImageStack>()> &open);

private:
    struct Entry {
        uint64_t key;
        std::shared_ptr<const ImageStack> reader;
    };
    std::shared_ptr<const ImageStack> find(uint64_t key);
    void put(uint64_t key, std::shared_ptr<const ImageStack> reader);

    size_t capacity_;
    std::list<Entry> entries_;  // last used first
    std::mutex mutex_;
};

/// Slices [first, second) of a stack; nothing: all of them.
using Slices = std::optional<std::pair<int, int>>;

/// An ImageStack that is opened when needed and may be closed in between by its pool. Safe from several threads.
class LazyStack {
public:
    /// Opens the files once, to learn their shape. Page 0 is the first of `slices`, but neighbours of a
    /// slice may lie outside of them. Throws what ImageStack throws, and
    /// Error(usage) when the files do not hold `slices`.
    explicit LazyStack(std::vector<std::filesystem::path> files,
                       std::shared_ptr<StackPool> pool = std::make_shared<StackPool>(), Slices slices = {},
                       ImageChoice choice = {});

    /// A part of every page, as pages of their own: what lies outside is not seen, even where pixels are mirrored.
    LazyStack part(Rect area) const;

    /// The same, but 0 that is nearer than `rim` pixels to an edge of its page reads as `ignored_id`: for truths that
    /// leave out objects there.
    LazyStack unsure_at_edge(int rim, uint32_t ignored_id) const;

    const StackShape &shape() const { return shape_; }
    const std::string &name() const { return name_; }  ///< the first file, for messages
    const std::vector<std::filesystem::path> &files() const { return files_; }

    Pixels read(int page, Rect region) const { return reader()->read(first_ + page, in_file(region)); }
    Ids read_ids(int page, Rect region) const;

    /// `region` may reach outside the page: those pixels are mirrored.
    Pixels read_mirrored(int page, Rect region) const;
    Ids read_ids_mirrored(int page, Rect region) const;

private:
    std::shared_ptr<const ImageStack> reader() const;
    Rect in_file(Rect region) const { return {region.x + x_, region.y + y_, region.width, region.height}; }

    std::vector<std::filesystem::path> files_;
    ImageChoice choice_;
    uint64_t key_;  // in the pool: of these files, so that parts share a reader; an address would be used again
    std::shared_ptr<StackPool> pool_;
    StackShape shape_;
    std::string name_;
    int first_ = 0;      // page of the files that is page 0 here
    int x_ = 0, y_ = 0;  // of their pages, the first pixel here
    Size page_;          // the size of their pages
    int rim_ = 0;        // of their pages, where 0 reads as ignored_id_
    uint32_t ignored_id_ = 0;
};

using StackPtr = std::shared_ptr<const LazyStack>;

/// Images with their labels (or predictions with their truth), paired page by page.
struct LabelledStack {
    StackPtr images, labels;
};

}  // namespace unet
