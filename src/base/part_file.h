// Outputs appear under their name only when complete.
#pragma once
#include <filesystem>

namespace unet {

/// The temporary name `O.part` beside an output O. Renamed to O by `commit`, removed when destroyed uncommitted.
/// Throws Error(cannot_create) when O is a folder.
class PartFile {
public:
    explicit PartFile(std::filesystem::path final_path);
    PartFile(const PartFile &) = delete;
    PartFile &operator=(const PartFile &) = delete;
    ~PartFile();

    const std::filesystem::path &path() const { return part_; }
    /// Flushes the file to disk, then renames it. Throws Error(io) when either fails.
    void commit();

private:
    std::filesystem::path final_, part_;
    bool committed_ = false;
};

/// Writes `text` to `path` through a PartFile; "-" is stdout. Throws Error(cannot_create) or Error(io).
void write_text(const std::filesystem::path &path, const std::string &text);

}  // namespace unet
