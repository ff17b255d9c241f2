// What a long run has finished, beside its output: so that nothing is computed twice, and nothing twice different.
#pragma once
#include "src/base/output_file.h"
#include "src/stack/stack_writer.h"
#include <fstream>
#include <map>
#include <optional>
#include <string>

namespace unet {

/// The run that a journal belongs to.
struct JournalHead {
    std::map<std::string, std::string> run;       ///< what decides the bytes of the output, key and value
    std::map<std::string, std::string> metadata;  ///< of the whole output
    StackShape stack;                             ///< the whole output
    TileStorage storage = TileStorage::deflate;
    Pyramid pyramid = Pyramid::none;
    BandRange bands;  ///< of the whole output, those of this journal
};

/// A band that is on the disk.
struct JournalBand {
    int64_t band = 0;       ///< counted through the whole output
    uint64_t end = 0;       ///< bytes of the file that it and those before take
    uint64_t checksum = 0;  ///< see StackWriter::append
};

/// How and where the bands were made.
struct Receipt {
    std::string version, target, host;
    double seconds = 0;
};

/// Reads a journal line by line. A last line that is cut off, as a crash leaves it, counts as not written.
class JournalReader {
public:
    /// Throws Error: no_input, data when it is no journal.
    explicit JournalReader(const std::filesystem::path &path);

    const JournalHead &head() const { return head_; }
    /// The next band; nothing after the last. Throws Error(data) when bands do not follow each other.
    std::optional<JournalBand> next();
    /// Bytes of the lines read so far.
    uint64_t position() const { return position_; }
    /// At the end of all lines; nothing while bands are missing.
    const std::optional<Receipt> &receipt() const { return receipt_; }

private:
    std::optional<std::string> line();

    std::filesystem::path path_;
    std::ifstream file_;
    JournalHead head_;
    std::optional<Receipt> receipt_;
    int64_t next_band_ = 0;
    uint64_t last_end_ = 0;
    uint64_t position_ = 0;
};

/// Writes a journal without bands. JSON, one object a line: the head, the bands, the receipt. Throws Error:
/// cannot_create, io.
void begin_journal(const std::filesystem::path &path, const JournalHead &head);

/// Goes on with a journal.
class Journal {
public:
    /// After its first `kept_bytes`.
    Journal(const std::filesystem::path &path, uint64_t kept_bytes);

    void add(const JournalBand &band);
    void add(const Receipt &receipt);
    bool pending() const { return !lines_.empty(); }
    /// Returns when all that was added is on the disk.
    void commit();

private:
    OutputFile file_;
    uint64_t position_ = 0;
    std::string lines_;
};

/// Throws Error(data) that names `path` and the first key whose value differs. Keys of `ignored` may differ.
void check_same_run(const std::filesystem::path &path, const std::map<std::string, std::string> &found,
                    const std::map<std::string, std::string> &expected, const std::string &remedy,
                    const std::vector<std::string> &ignored = {});

}  // namespace unet
