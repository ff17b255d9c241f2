// The tiles of a stack that we wrote, as they are stored.
#pragma once
#include "src/stack/stack_writer.h"
#include <memory>

namespace unet {

/// Reads bands of a file that a StackWriter has written with the same arguments.
class StoredStack {
public:
    /// Throws Error: no_input, data when the file does not begin as such a file does.
    StoredStack(const std::filesystem::path &path, const TiffLayout &layout);
    StoredStack(const std::filesystem::path &path, const StackShape &shape,
                const std::map<std::string, std::string> &metadata, TileStorage storage, Pyramid = Pyramid::none);
    ~StoredStack();

    /// Band `band`, counted through the pages, as it is stored. Throws Error(data) where the file is damaged.
    StoredBand read(int64_t band) const;
    /// The same as a StackWriter was given it.
    Band decoded(int64_t band) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Whether `path` begins as a file does that StackWriter writes with these arguments: pages, size, type, metadata and
/// levels.
bool is_stack_of(const std::filesystem::path &path, const StackShape &shape,
                 const std::map<std::string, std::string> &metadata, TileStorage storage, Pyramid = Pyramid::none);

}  // namespace unet
