// One output of `segment`: its file, its journal, and where an earlier run has left them.
#pragma once
#include "pipeline/journal.h"
#include "pipeline/shard.h"
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

namespace unet {

/// What is to be made. The bands of a shard are those of `head`.
struct OutputSpec {
    std::filesystem::path path;
    JournalHead head;
    std::optional<Shard> shard;  ///< keeps a receipt; without it the journal goes when the file is complete

    bool shared() const { return shard && head.storage == TileStorage::plain; }  ///< one file of all shards
    std::filesystem::path journal() const;
    std::filesystem::path receipt() const;
    std::filesystem::path part() const;  ///< the file until it is complete

    /// What the file itself holds: the pages that the bands touch, or all where shards share it.
    StackShape file_shape() const;
    std::map<std::string, std::string> file_metadata() const;
    Pyramid file_pyramid() const;  ///< a file that is to be merged has none
    /// Whether `file` begins as the one does that is to be made.
    bool begins(const std::filesystem::path &file) const;
    int64_t first_band_of_file() const;
};

/// Where a file stands.
struct OutputState {
    int64_t next = 0;       ///< the first band that is missing
    bool complete = false;  ///< nothing is left to be done
};

/// Looks for what an earlier run with the same `head.run` has left. Throws Error: data when it was another run's (the
/// first difference is named), cannot_create when a file stands there that this run has not made and `overwrite` is not
/// set. `restart`: what is left of an unfinished run is passed over. A file newer than `inputs_changed` counts as this
/// run's when its metadata say so.
OutputState look_up(const OutputSpec &spec, bool overwrite, bool restart,
                    std::filesystem::file_time_type inputs_changed);

/// Writes the bands from some one on.
class OutputStack {
public:
    /// Begins, or goes on behind the bands before `next`, which a journal holds.
    OutputStack(const OutputSpec &spec, int64_t next);
    ~OutputStack();  ///< an unfinished file stays, with its journal, when bands stand in it

    /// `band.page` counts the pages of the whole output. From time to time all bands so far are committed: then it returns
    /// true.
    bool append(Band band);
    /// All bands so far are on the disk, and the journal says so.
    void commit();
    /// The file gets its pyramid and its name; a shard's receipt stays beside it. `band_done` is called for each band
    /// that has gone into the pyramid; it may throw, and the next run makes the pyramid again.
    void finish(const Receipt &receipt, const std::function<void()> &band_done);

private:
    OutputSpec spec_;
    bool holds_bands_;
    std::unique_ptr<StackWriter> writer_;
    std::unique_ptr<Journal> journal_;
    std::chrono::steady_clock::time_point committed_;
    std::chrono::steady_clock::duration commit_time_{};  ///< what the last one took
};

}  // namespace unet
