#include "pipeline/input_identity.h"
#include "src/base/error.h"
#include "src/base/hash.h"
#include <algorithm>
#include <fmt/format.h>
#include <fstream>

namespace unet {

namespace fs = std::filesystem;

namespace {

constexpr uint64_t probe_bytes = 1 << 16;

void add_probes(Hash &hash, const fs::path &path, uint64_t bytes) {
    std::ifstream file(path, std::ios::binary);
    std::vector<char> probe(std::min(bytes, probe_bytes));
    for (const uint64_t position : {uint64_t(0), bytes - probe.size()}) {
        file.seekg(std::streamoff(position));
        file.read(probe.data(), std::streamsize(probe.size()));
        if (!file) throw Error(Exit::no_input, path.string() + ": cannot be read; is it there, and readable?");
        hash.add(probe.data(), probe.size());
    }
}

}  // namespace

InputIdentity identify(const FileLists &inputs) {
    const std::vector<fs::path> &files = inputs.files;
    Hash content, times;
    uint64_t bytes = 0;
    fs::file_time_type changed = fs::file_time_type::min();
    for (const fs::path &path : files) {
        std::error_code failure;
        const uint64_t size = fs::file_size(path, failure);
        const fs::file_time_type time = fs::last_write_time(path, failure);
        if (failure) throw Error(Exit::no_input, path.string() + ": " + failure.message());
        const int64_t ticks = time.time_since_epoch().count();
        content.add(&size, sizeof size);
        add_probes(content, path, size);
        times.add(&ticks, sizeof ticks);
        bytes += size;
        changed = std::max(changed, time);
    }
    const std::string lists = inputs.lists == 1 ? "" : fmt::format(" in {} lists", inputs.lists);
    return {fmt::format("{} file{}{}, {} bytes, {}", files.size(), files.size() == 1 ? "" : "s", lists, bytes,
                        content.text()),
            times.text(), changed};
}

}  // namespace unet
