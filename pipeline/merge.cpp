#include "pipeline/merge.h"
#include "pipeline/output_path.h"
#include "pipeline/output_stack.h"
#include "pipeline/progress.h"
#include "pipeline/stop.h"
#include "src/base/error.h"
#include "src/base/paths.h"
#include "src/stack/stored_stack.h"
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

namespace unet {

namespace fs = std::filesystem;

namespace {

/// What one shard has made.
struct Part {
    fs::path receipt;
    OutputSpec spec;
};

int64_t bands_of_stack(const StackShape &stack) { return stack.pages * bands_per_page(stack.height); }

/// Sorts the parts, and throws where bands are missing or there twice.
void check_all_there(std::vector<Part> &parts) {
    std::sort(parts.begin(), parts.end(),
              [](const Part &a, const Part &b) { return a.spec.head.bands.first < b.spec.head.bands.first; });
    const int64_t count = parts.front().spec.shard->count, bands = bands_of_stack(parts.front().spec.head.stack);
    std::set<int64_t> there;
    for (const Part &part : parts)
        if (!there.insert(part.spec.shard->index).second)
            throw Error(Exit::data, part.receipt.string() + ": is there twice; name each shard once");
    std::vector<int64_t> missing;
    for (int64_t index = 0; index < count && missing.size() < 20; index++) {
        const BandRange own = bands_of({index, count}, bands);
        if (own.first < own.end && !there.contains(index)) missing.push_back(index);
    }
    if (!missing.empty())
        throw Error(Exit::data, fmt::format("shard{} {} of {} (from 0) {} missing; run {}, then merge again",
                                            missing.size() == 1 ? "" : "s", fmt::join(missing, ", "), count,
                                            missing.size() == 1 ? "is" : "are", missing.size() == 1 ? "it" : "them"));
}

Part read_part(const fs::path &file, const fs::path &receipt) {
    if (!fs::exists(receipt))
        throw Error(Exit::data, receipt.string() + ": is missing; the shard is not finished, run it again");
    Part part{receipt, {file, JournalReader(receipt).head(), {}}};
    const auto shard = part.spec.head.run.find("shard");
    if (shard == part.spec.head.run.end()) throw Error(Exit::data, receipt.string() + ": is of no shard");
    try {
        part.spec.shard = parse_shard(shard->second);
    } catch (const Error &error) {
        throw Error(Exit::data, receipt.string() + ": its shard " + error.what());
    }
    if (part.spec.head.bands != bands_of(*part.spec.shard, bands_of_stack(part.spec.head.stack)))
        throw Error(Exit::data, receipt.string() + ": its bands are not those of its shard; run it again");
    return part;
}

/// Receipts of shards that wrote into one file stand beside it: O.shard-3-of-10.receipt.
std::vector<Part> parts_of_shared(const fs::path &output) {
    std::vector<Part> parts;
    const std::string prefix = output.filename().string() + ".shard-";
    const fs::path folder = output.has_parent_path() ? output.parent_path() : ".";
    std::error_code failure;
    for (const fs::directory_entry &entry : fs::directory_iterator(folder, failure)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(prefix) && name.ends_with(".receipt")) parts.push_back(read_part(output, entry.path()));
    }
    if (parts.empty())
        throw Error(Exit::no_input, output.string() +
                                        ": no shard has finished a part of it; name the shards' files, or "
                                        "run them with --output-layout preallocated");
    return parts;
}

std::vector<Part> find_parts(const MergeOptions &options) {
    if (options.shards.empty()) return parts_of_shared(options.output);
    std::vector<Part> parts;
    for (const fs::path &file : expand_paths(options.shards))
        if (file.extension() != ".receipt") parts.push_back(read_part(file, file.string() + ".receipt"));
    return parts;
}

void check_same_output(const std::vector<Part> &parts) {
    const JournalHead &first = parts.front().spec.head;
    for (const Part &part : parts) {
        const JournalHead &head = part.spec.head;
        check_same_run(part.receipt, head.run, first.run, "shards of one run agree; run the others again",
                       {"shard", "input-times"});
        if (head.metadata != first.metadata || head.stack != first.stack || head.storage != first.storage ||
            head.pyramid != first.pyramid || part.spec.shard->count != parts.front().spec.shard->count)
            throw Error(Exit::data, part.receipt.string() + ": is of another output than " +
                                        parts.front().receipt.string() + "; name the shards of one run");
    }
}

/// Calls take(band) for each band of a part, when it is what the receipt says.
template<class Take>
void each_band(const Part &part, const Take &take) {
    const OutputSpec &spec = part.spec;
    const fs::path file = spec.shared() ? spec.part() : spec.path;
    const StoredStack stored(file, spec.file_shape(), spec.file_metadata(), spec.head.storage, spec.file_pyramid());
    JournalReader receipt(part.receipt);
    int64_t bands = 0;
    while (const std::optional<JournalBand> band = receipt.next()) {
        throw_if_stopped();
        const StoredBand bytes = stored.read(band->band - spec.first_band_of_file());
        if (bytes.checksum() != band->checksum)
            throw Error(Exit::data,
                        fmt::format("{}: band {} is not what its receipt says; remove {} and run shard {} again",
                                    file.string(), band->band, spec.shared() ? part.receipt.string() : "both",
                                    spec.shard->index));
        take(bytes);
        bands++;
    }
    if (!receipt.receipt() || bands != spec.head.bands.end - spec.head.bands.first)
        throw Error(Exit::data, part.receipt.string() + ": is not complete; run the shard again");
}

/// Throws Error(cannot_create) when another file stands there. Receipts of shards that shared a file go when it is
/// merged.
bool is_merged(const MergeOptions &options) {
    const fs::path output = options.output;
    if (!fs::exists(output)) return false;
    if (options.shards.empty() && !fs::exists(output.string() + ".part")) return true;
    const std::vector<Part> parts = find_parts(options);
    const JournalHead &head = parts.front().spec.head;
    const bool newer = std::all_of(parts.begin(), parts.end(), [&](const Part &part) {
        return fs::last_write_time(part.receipt) <= fs::last_write_time(output);
    });
    if (newer && is_stack_of(output, head.stack, head.metadata, head.storage, head.pyramid)) return true;
    throw Error(Exit::cannot_create, output.string() + ": exists; add --overwrite to replace it");
}

/// The pyramid is made of the whole, as in a run without shards.
void finish(StackWriter &writer, const JournalHead &head, const MergeOptions &options) {
    std::optional<Progress> bands;
    if (head.pyramid != Pyramid::none)
        bands.emplace("pyramid", bands_of_stack(head.stack), "bands", progress_style(options.quiet));
    writer.finish([&] {
        throw_if_stopped();
        bands->advance();
    });
}

void join(const MergeOptions &options, const std::vector<Part> &parts, Progress &progress) {
    const JournalHead &head = parts.front().spec.head;
    StackWriter writer(options.output, head.stack, head.metadata, {.storage = head.storage, .pyramid = head.pyramid});
    for (const Part &part : parts)
        each_band(part, [&](const StoredBand &band) {
            writer.append(band);
            progress.advance();
        });
    finish(writer, head, options);
}

void check_shared(const MergeOptions &options, const std::vector<Part> &parts, Progress &progress) {
    const JournalHead &head = parts.front().spec.head;
    for (const Part &part : parts) each_band(part, [&](const StoredBand &) { progress.advance(); });
    StackWriter writer(options.output, head.stack, head.metadata,
                       {.storage = head.storage,
                        .pyramid = head.pyramid,
                        .resumable = true,
                        .progress = WriterProgress{.next = bands_of_stack(head.stack)}});
    finish(writer, head, options);
    std::error_code ignored_error;
    for (const Part &part : parts) fs::remove(part.receipt, ignored_error);
}

}  // namespace

void run_merge(const MergeOptions &options) {
    answer_signals();
    const fs::path output = options.output;
    check_output(output, options.shards.empty() ? std::vector<fs::path>() : expand_paths(options.shards));
    if (!options.overwrite && is_merged(options)) {
        if (!options.quiet) fmt::print(stderr, "{}: complete already\n", options.output);
        fmt::print("{}\n", options.output);
        return;
    }
    std::vector<Part> parts = find_parts(options);
    check_same_output(parts);
    check_all_there(parts);
    make_folder_of(output);
    const JournalHead &head = parts.front().spec.head;
    Progress progress("merge", bands_of_stack(head.stack), "bands", progress_style(options.quiet));
    if (parts.front().spec.shared()) {
        if (parts.front().spec.path != output)
            throw Error(Exit::usage, "--output: shards that wrote into one file are merged under its own name");
        check_shared(options, parts, progress);
    } else {
        join(options, parts, progress);
    }
    fmt::print("{}\n", output.string());
}

}  // namespace unet
