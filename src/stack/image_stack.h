// TIFF stacks as the network sees them: slices with channels.
#pragma once
#include "src/stack/stack_reader.h"
#include <optional>

namespace unet {

/// What of some files is looked at.
struct ImageChoice {
    int file_channels = 1;  ///< so many lists of equally many files, one behind the other, are channels of one stack
    std::vector<int> channels;  ///< of those that are there, from 0, in this order; empty: all
    std::optional<int> series;  ///< of files that hold several images, from 0
    int context_slices = 0;     ///< slices before, and as many behind, whose channels come along

    bool operator==(const ImageChoice &) const = default;
};

/// Slices of one or more files.
///
/// A slice is a page with its samples as channels. Where OME or ImageJ says that pages are channels, a slice is those
/// pages that differ in nothing else, time outermost as the file has it. With `context_slices` N, the channels of N
/// slices before come before, those of N behind it behind; past the ends of the depth they are mirrored. Neighbours are
/// those in depth where a file says so and has several times, else those in the order of the stack.
///
/// Safe from several threads.
class ImageStack {
public:
    /// Throws what StackReader throws, and Error: usage when there are not the channels or slices of `choice`, data
    /// when files that are channels of one another do not agree.
    explicit ImageStack(const std::vector<std::filesystem::path> &files, const ImageChoice &choice = {});
    ImageStack(ImageStack &&) noexcept;
    ~ImageStack();

    /// `pages` counts slices, `samples` channels, context included.
    const StackShape &shape() const;
    const std::string &name() const;  ///< the first file, for messages

    /// As of a StackReader, for all that one slice is read from.
    uint64_t index_bytes() const;
    uint64_t decoding_bytes() const;
    uint64_t block_bytes(Size window) const;
    void hold_blocks(uint64_t most_bytes);
    /// Samples of a pixel that are in memory beside the channels while a slice is read.
    int samples_beside() const;

    /// Pixels of `region`, which must lie inside the slice: [channels, region.width, region.height].
    Pixels read(int slice, Rect region) const;
    /// The same as exact integers, for label images: slices with one channel that are pages. See StackReader::read_ids.
    Ids read_ids(int slice, Rect region) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace unet
