#include "pipeline/output_stack.h"
#include "src/base/error.h"
#include "src/stack/stored_stack.h"
#include <fmt/format.h>

namespace unet {

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;

// A commit waits for the disk twice (2 to 200 ms, seen), while the network goes on: it may take a twentieth of the
// time.
constexpr int intervals_per_commit = 20;

const std::string go_on_remedy = "give the same options and inputs to go on, or add --restart to begin anew";

fs::path with_suffix(const fs::path &path, const std::string &suffix) { return path.string() + suffix; }

/// Reads to the end, or behind the bands before `next`.
std::optional<JournalBand> read_bands(JournalReader &reader, int64_t next) {
    std::optional<JournalBand> last;
    while (!last || last->band + 1 < next) {
        const std::optional<JournalBand> band = reader.next();
        if (!band) break;
        last = band;
    }
    return last;
}

int64_t bands_of_journal(JournalReader &reader) {
    const int64_t end = reader.head().bands.end;
    const std::optional<JournalBand> last = read_bands(reader, end);
    return last ? last->band + 1 : reader.head().bands.first;
}

/// Bands of the journal, up to the first of the last few that the file does not hold as it says: what a disk that was
/// switched off has lost is lost at the end. All bands would have to be read to know more.
int64_t sound_bands(const OutputSpec &spec) {
    constexpr int64_t last_few = 64;
    JournalReader all(spec.journal()), again(spec.journal());
    const int64_t end = bands_of_journal(all), first = spec.head.bands.first;
    if (end == first) return first;
    try {
        const StoredStack stored(spec.part(), spec.file_shape(), spec.file_metadata(), spec.head.storage,
                                 spec.file_pyramid());
        for (int64_t band = first; band < end; band++) {
            const JournalBand line = *again.next();
            if (band >= end - last_few && stored.read(band - spec.first_band_of_file()).checksum() != line.checksum)
                return band;
        }
        return end;
    } catch (const Error &error) {
        if (error.code != Exit::data) throw;
        throw Error(Exit::data, spec.part().string() + ": is not what its journal says; add --restart to begin anew");
    }
}

void remove_file(const fs::path &path) {
    std::error_code ignored_error;
    fs::remove(path, ignored_error);
}

void rename_journal(const OutputSpec &spec) {
    std::error_code failure;
    if (spec.shard) fs::rename(spec.journal(), spec.receipt(), failure);
    else fs::remove(spec.journal(), failure);
    if (failure) throw Error(Exit::io, spec.journal().string() + ": cannot be put away: " + failure.message());
}

/// All but for the name of the journal, which a crash has left.
bool has_complete_journal(const OutputSpec &spec) {
    if (!fs::exists(spec.journal()) || (!spec.shared() && fs::exists(spec.part()))) return false;
    JournalReader reader(spec.journal());
    if (reader.head().run != spec.head.run || bands_of_journal(reader) != spec.head.bands.end) return false;
    if (spec.shard) reader.next();
    return !spec.shard || reader.receipt();
}

}  // namespace

fs::path OutputSpec::part() const { return with_suffix(path, ".part"); }

// Shards that share a file have journals of their own.
fs::path OutputSpec::journal() const {
    if (!shared()) return with_suffix(path, ".journal");
    return with_suffix(path, fmt::format(".shard-{}-of-{}.journal", shard->index, shard->count));
}

fs::path OutputSpec::receipt() const { return journal().replace_extension(".receipt"); }

int64_t OutputSpec::first_band_of_file() const {
    if (shared()) return 0;
    return head.bands.first / bands_per_page(head.stack.height) * bands_per_page(head.stack.height);
}

StackShape OutputSpec::file_shape() const {
    StackShape shape = head.stack;
    if (shard && !shared())
        shape.pages =
            int((head.bands.end - 1) / bands_per_page(shape.height) - head.bands.first / bands_per_page(shape.height)) +
            1;
    return shape;
}

std::map<std::string, std::string> OutputSpec::file_metadata() const {
    std::map<std::string, std::string> metadata = head.metadata;
    if (shard && !shared()) metadata["bands"] = fmt::format("{}:{}", head.bands.first, head.bands.end);
    return metadata;
}

Pyramid OutputSpec::file_pyramid() const { return shard && !shared() ? Pyramid::none : head.pyramid; }

bool OutputSpec::begins(const fs::path &file) const {
    return is_stack_of(file, file_shape(), file_metadata(), head.storage, file_pyramid());
}

OutputState look_up(const OutputSpec &spec, bool overwrite, bool restart, fs::file_time_type inputs_changed) {
    const OutputState complete{spec.head.bands.end, true}, nothing{spec.head.bands.first, false};
    const fs::path file = spec.shared() ? spec.part() : spec.path;
    const bool there = fs::exists(file), made = spec.shared() && fs::exists(spec.path);
    if (!overwrite && made && spec.begins(spec.path) && fs::last_write_time(spec.path) >= inputs_changed)
        return complete;  // merged already
    if (!overwrite && spec.shard && there && fs::exists(spec.receipt())) {
        check_same_run(spec.receipt(), JournalReader(spec.receipt()).head().run, spec.head.run, go_on_remedy);
        return complete;
    }
    if (!overwrite && there && has_complete_journal(spec)) {
        rename_journal(spec);
        return complete;
    }
    if (!restart && fs::exists(spec.part()) && fs::exists(spec.journal())) {
        JournalReader reader(spec.journal());
        check_same_run(spec.journal(), reader.head().run, spec.head.run, go_on_remedy);
        return {sound_bands(spec), false};
    }
    if (overwrite || !fs::exists(spec.path)) return nothing;
    if (!spec.shard && spec.begins(spec.path)) {
        if (fs::last_write_time(spec.path) >= inputs_changed) return complete;
        throw Error(Exit::cannot_create,
                    spec.path.string() + ": exists and is older than its inputs; add --overwrite to replace it");
    }
    throw Error(Exit::cannot_create, spec.path.string() + ": exists; add --overwrite to replace it");
}

OutputStack::OutputStack(const OutputSpec &spec, int64_t next)
    : spec_(spec), holds_bands_(next > spec.head.bands.first) {
    const int64_t before = spec.first_band_of_file();
    WriterOptions options{.storage = spec.head.storage,
                          .pyramid = spec.file_pyramid(),
                          .bands = BandRange{spec.head.bands.first - before, spec.head.bands.end - before},
                          .shared = spec.shared(),
                          .resumable = true,
                          .progress = {}};
    std::optional<JournalReader> reader;
    if (holds_bands_) {
        reader.emplace(spec.journal());
        const std::optional<JournalBand> last = read_bands(*reader, next);
        options.progress = WriterProgress{next - before, last->end};
    }
    // Before the file changes: a journal must never speak of bands that the file does not hold, whenever a run is
    // killed.
    options.when_opened = [&] {
        remove_file(spec.receipt());
        if (reader) journal_ = std::make_unique<Journal>(spec.journal(), reader->position());
        else remove_file(spec.journal());
    };
    writer_ = std::make_unique<StackWriter>(spec.path, spec.file_shape(), spec.file_metadata(), options);
    if (reader) return;
    writer_->flush();  // the head of the file before its journal
    begin_journal(spec.journal(), spec.head);
    reader.emplace(spec.journal());
    journal_ = std::make_unique<Journal>(spec.journal(), reader->position());
}

// What no band stands in is of no use to a later run.
OutputStack::~OutputStack() {
    if (holds_bands_) return;
    writer_.reset();
    remove_file(spec_.journal());
    if (!spec_.shared()) remove_file(spec_.part());
}

bool OutputStack::append(Band band) {
    const int64_t number = band.page * bands_per_page(spec_.head.stack.height) + band.y / band_rows;
    band.page -= int(spec_.first_band_of_file() / bands_per_page(spec_.head.stack.height));
    const uint64_t checksum = writer_->append(band);
    journal_->add({number, writer_->progress().end, checksum});
    holds_bands_ = true;
    if (Clock::now() - committed_ < intervals_per_commit * commit_time_) return false;
    commit();
    return true;
}

void OutputStack::commit() {
    if (!journal_->pending()) return;
    const Clock::time_point begin = Clock::now();
    writer_->flush();
    journal_->commit();
    committed_ = Clock::now();
    commit_time_ = committed_ - begin;
}

void OutputStack::finish(const Receipt &receipt, const std::function<void()> &band_done) {
    commit();
    if (spec_.shard) {
        journal_->add(receipt);
        journal_->commit();
    }
    writer_->finish(band_done);
    rename_journal(spec_);
}

}  // namespace unet
