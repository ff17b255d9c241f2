// Outputs appear under their name only when complete.
#pragma once
#include <filesystem>

namespace unet {

/// The temporary name `O.part` beside an output O. Renamed to O by `commit`; removed when destroyed uncommitted, unless
/// it is to be gone on with. Throws Error(cannot_create) when O is a folder.
class PartFile {
public:
    enum class Unfinished { remove, keep };

    explicit PartFile(std::filesystem::path final_path, Unfinished unfinished = Unfinished::remove);
    PartFile(const PartFile &) = delete;
    PartFile &operator=(const PartFile &) = delete;
    ~PartFile();

    const std::filesystem::path &path() const { return part_; }
    /// Flushes the file to disk, then renames it, and flushes the folder. Throws Error(io) when one of these fails.
    void commit();

private:
    std::filesystem::path final_, part_;
    bool removes_;
};

/// Writes `text` to `path` through a PartFile; "-" is stdout. Throws Error(cannot_create) or Error(io).
void write_text(const std::filesystem::path &path, const std::string &text);

}  // namespace unet
