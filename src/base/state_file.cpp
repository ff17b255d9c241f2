#include "src/base/state_file.h"
#include "src/base/error.h"

namespace unet {

namespace {

constexpr size_t write_bytes = 1 << 20;

}  // namespace

StateWriter::StateWriter(const std::filesystem::path &path)
    : part_(path), file_(part_.path(), path, OutputFile::Open::alone) {
    file_.resize(0);
}

void StateWriter::write_pending() {
    file_.write(position_, pending_.data(), pending_.size());
    position_ += pending_.size();
    pending_.clear();
}

void StateWriter::add(const void *bytes, size_t count) {
    if (count == 0) return;
    hash_.add(bytes, count);
    if (pending_.size() + count > write_bytes) write_pending();
    if (count > write_bytes) {
        file_.write(position_, bytes, count);
        position_ += count;
        return;
    }
    const auto begin = static_cast<const char *>(bytes);
    pending_.insert(pending_.end(), begin, begin + count);
}

void StateWriter::add(const std::string &text) { add(std::vector<char>(text.begin(), text.end())); }

void StateWriter::commit() {
    const std::string hash = hash_.text();
    pending_.insert(pending_.end(), hash.begin(), hash.end());
    write_pending();
    file_.close();
    part_.commit();
}

StateReader::StateReader(const std::filesystem::path &path) : path_(path), file_(path, std::ios::binary) {
    if (!file_) throw Error(Exit::no_input, path.string() + ": cannot be opened; is it there, and readable?");
    const size_t hash_bytes = hash_.text().size();
    const uint64_t bytes = std::filesystem::file_size(path);
    if (bytes < hash_bytes) refuse();
    left_ = bytes - hash_bytes;
}

void StateReader::refuse() const {
    throw Error(Exit::data,
                path_.string() + ": is cut off, damaged or of another version; add --restart to begin anew");
}

void StateReader::read(void *bytes, size_t count) {
    if (count == 0) return;
    if (count > left_ || !file_.read(static_cast<char *>(bytes), std::streamsize(count))) refuse();
    left_ -= count;
    hash_.add(bytes, count);
}

void StateReader::read(std::string &text) {
    std::vector<char> characters;
    read(characters);
    text.assign(characters.begin(), characters.end());
}

size_t StateReader::count(size_t value_bytes) {
    uint64_t values = 0;
    read(values);
    if (values > left_ / value_bytes) refuse();
    return size_t(values);
}

void StateReader::finish() {
    std::string stored(hash_.text().size(), ' ');
    if (left_ != 0 || !file_.read(stored.data(), std::streamsize(stored.size())) || stored != hash_.text()) refuse();
}

}  // namespace unet
