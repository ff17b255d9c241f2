#include "src/stack/tiff_directory.h"
#include "src/base/error.h"
#include "src/stack/saturating.h"
#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>

namespace unet {

static_assert(std::endian::native == std::endian::little, "swapped() assumes a little-endian machine");

namespace {

[[noreturn]] void refuse(const TiffFile &file, const std::string &fact) {
    throw Error(Exit::data, file.name() + ": " + fact + "; the file is damaged or truncated, copy or export it again");
}

/// Bytes of one value of a TIFF field type; 0 for unknown types.
size_t value_size(uint16_t type) {
    // 1 BYTE ASCII SHORT LONG RATIONAL, 6 SBYTE UNDEFINED SSHORT SLONG SRATIONAL, 11 FLOAT DOUBLE IFD, 16 LONG8 SLONG8 IFD8
    constexpr uint8_t sizes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
    return type < std::size(sizes) ? sizes[type] : 0;
}

bool is_unsigned(uint16_t type) {
    return type == 1 || type == 3 || type == 4 || type == 13 || type == 16 || type == 18;
}

int open_for_reading(const std::string &name) {
    // Without O_NONBLOCK a named pipe would wait for its writer for ever.
    const int descriptor = ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor >= 0) return descriptor;
    const int reason = errno;
    throw Error(Exit::no_input,
                name + ": cannot be opened: " + std::strerror(reason) + "; check the path and its permissions");
}

}  // namespace

TiffFile::TiffFile(const std::filesystem::path &path) : name_(path.string()), descriptor_(open_for_reading(name_)) {
    try {
        struct stat facts {};
        if (::fstat(descriptor_, &facts) != 0 || !S_ISREG(facts.st_mode))
            throw Error(Exit::no_input, name_ + ": is not a regular file; name a TIFF file");
        bytes_ = uint64_t(facts.st_size);
        if (bytes_ == 0) throw Error(Exit::data, name_ + ": is empty (0 bytes); copy or export it again");

        uint8_t header[16] = {};
        const size_t present = read_some(0, header, sizeof header);
        const bool little = header[0] == 'I' && header[1] == 'I';
        big_endian_ = header[0] == 'M' && header[1] == 'M';
        const uint64_t magic = number(header + 2, 2);
        if (present < 8 || !(little || big_endian_) || (magic != 42 && magic != 43))
            throw Error(Exit::data, name_ + ": is not a TIFF file; convert it to TIFF");
        big_ = magic == 43;
        if (big_ && (present < 16 || number(header + 4, 2) != 8 || number(header + 6, 2) != 0))
            refuse(*this, "has a broken BigTIFF header");
        first_directory_ = big_ ? number(header + 8, 8) : number(header + 4, 4);
        if (first_directory_ == 0) refuse(*this, "holds no page (an unfinished file?)");
    } catch (...) {
        ::close(descriptor_);
        throw;
    }
}

TiffFile::~TiffFile() { ::close(descriptor_); }

size_t TiffFile::read_some(uint64_t position, void *bytes, size_t count) const {
    size_t done = 0;
    while (done < count && position < bytes_) {
        const ssize_t got = ::pread(descriptor_, static_cast<uint8_t *>(bytes) + done, count - done, off_t(position));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            const int reason = errno;
            throw Error(Exit::io,
                        name_ + ": reading failed: " + std::strerror(reason) + "; check the disk or the network");
        }
        if (got == 0) break;
        done += size_t(got);
        position += uint64_t(got);
    }
    return done;
}

void TiffFile::read(uint64_t position, void *bytes, size_t count) const {
    if (position > bytes_ || count > bytes_ - position || read_some(position, bytes, count) != count)
        refuse(*this, "ends at byte " + std::to_string(bytes_) + ", before bytes " + std::to_string(position) + " + " +
                          std::to_string(count) + " that it refers to");
}

uint64_t TiffFile::number(const uint8_t *bytes, size_t size) const {
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) value = value << 8 | bytes[big_endian_ ? i : size - 1 - i];
    return value;
}

uint64_t TiffEntry::bytes() const { return saturating_product(count, value_size(type)); }

const TiffEntry *TiffDirectory::find(uint16_t tag) const {
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const TiffEntry &entry) { return entry.tag == tag; });
    return found == entries.end() ? nullptr : &*found;
}

uint64_t TiffDirectory::value_bytes() const {
    uint64_t sum = 0;
    for (const TiffEntry &entry : entries)
        if (__builtin_add_overflow(sum, entry.bytes(), &sum)) return UINT64_MAX;
    return sum;
}

TiffDirectory read_directory(const TiffFile &file, uint64_t offset) {
    const size_t count_size = file.big() ? 8 : 2, entry_size = file.big() ? 20 : 12, offset_size = file.big() ? 8 : 4;
    constexpr uint64_t most_entries = 65535;  // classic TIFF cannot say more, and no BigTIFF has as many

    uint8_t head[8] = {};
    file.read(offset, head, count_size);
    const uint64_t count = file.number(head, count_size);
    if (count == 0 || count > most_entries)
        refuse(file, "has a directory of " + std::to_string(count) + " entries at byte " + std::to_string(offset));

    std::vector<uint8_t> bytes(count * entry_size);
    file.read(offset + count_size, bytes.data(), bytes.size());
    TiffDirectory directory;
    directory.offset = offset;
    for (uint64_t i = 0; i < count; i++) {
        const uint8_t *at = &bytes[i * entry_size];
        const size_t value_at = file.big() ? 12 : 8;
        TiffEntry entry{.tag = uint16_t(file.number(at, 2)),
                        .type = uint16_t(file.number(at + 2, 2)),
                        .count = file.number(at + 4, offset_size)};
        const bool here = entry.bytes() <= offset_size;
        entry.position =
            here ? offset + count_size + i * entry_size + value_at : file.number(at + value_at, offset_size);
        directory.entries.push_back(entry);
    }

    uint8_t tail[8] = {};
    const uint64_t end = offset + count_size + bytes.size();
    // Some old writers leave the last offset away where the file ends; that means: no further directory.
    if (end < file.bytes()) {
        file.read(end, tail, offset_size);
        directory.next = file.number(tail, offset_size);
    }
    return directory;
}

TiffValues::TiffValues(const TiffFile &file, const TiffEntry &entry)
    : file_(file), entry_(entry), size_(value_size(entry.type)) {
    const std::string tag = "tag " + std::to_string(entry.tag);
    if (!is_unsigned(entry.type))
        refuse(file, tag + " has field type " + std::to_string(entry.type) + ", not an unsigned integer");
    if (entry.position > file.bytes() || entry.bytes() > file.bytes() - entry.position)
        refuse(file, tag + " claims " + std::to_string(entry.count) + " values, more than the file holds");
}

uint64_t TiffValues::next() {
    if (used_ == piece_.size()) {
        constexpr uint64_t piece_values = 8192;
        piece_.resize(std::min(piece_values, entry_.count - index_) * size_);
        file_.read(entry_.position + index_ * size_, piece_.data(), piece_.size());
        used_ = 0;
    }
    const uint64_t value = file_.number(&piece_[used_], size_);
    used_ += size_;
    index_++;
    return value;
}

}  // namespace unet
