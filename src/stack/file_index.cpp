#include "src/stack/file_index.h"
#include "src/base/error.h"
#include "src/stack/stored_bytes.h"
#include <algorithm>
#include <unordered_set>

namespace unet {

namespace {

[[noreturn]] void refuse_index(const TiffFile &file, const std::string &fact) {
    throw Error(Exit::data, file.name() + ": " + fact + "; the file is damaged, copy or export it again");
}

std::string size_and_type(const PageLayout &page) {
    return std::to_string(page.width) + " x " + std::to_string(page.height) + " " + page.stored_type() + " with " +
           std::to_string(page.samples) + (page.samples == 1 ? " sample" : " samples");
}

/// Follows the chain of directories of one file, safe against loops and against many directories that share one huge
/// table.
class Walk {
public:
    Walk(TiffHandle &handle, FileIndex &index, std::optional<int> series)
        : handle_(handle), file_(handle.file()), index_(index), series_(series) {}

    void run() {
        PageRun pages, auxiliary;
        for (uint64_t offset = file_.first_directory(); offset != 0;) {
            if (!seen_.insert(offset).second) {
                index_.loop =
                    "the directory after the last page is page 0 or another one before (a loop); pages may be lost";
                break;
            }
            const TiffDirectory directory = enter(offset);
            const PageLayout page = handle_.go_to(offset);
            chain_.push_back(offset);
            add(page.auxiliary ? auxiliary : pages, page, directory);
            offset = directory.next;
        }
        // A file of nothing but auxiliary pages: they are all there is, so they are the pages.
        index_.auxiliary = pages.directories.empty() ? 0 : auxiliary.directories.size();
        index_.run = pages.directories.empty() ? std::move(auxiliary) : std::move(pages);
        index_.metadata = parse_metadata(index_.run.notes, index_.run.layout, index_.directories);
        if (!index_.metadata.series.empty()) choose_ome_series();
        else if (series_) choose_pages_of_one_size();
        index_.pages = index_.run.directories.size();
        if (index_.directories == 1 && index_.metadata.images > 1) unfold_imagej_stack();
    }

private:
    TiffDirectory enter(uint64_t offset) {
        constexpr uint64_t most_directories = 1 << 20;  // libtiff's own limit
        if (index_.directories++ == most_directories) refuse_index(file_, "has more than 1048576 directories");
        TiffDirectory directory = read_directory(file_, offset);
        // Directories may share values, but a file whose tables are many times its size would keep us busy for hours.
        uint64_t limit = 0;
        if (__builtin_mul_overflow(file_.bytes(), 16, &limit)) limit = UINT64_MAX;
        if (__builtin_add_overflow(table_bytes_, directory.value_bytes(), &table_bytes_) || table_bytes_ > limit)
            refuse_index(file_, "its directories claim more data than the file can hold");
        return directory;
    }

    void add(PageRun &run, const PageLayout &page, const TiffDirectory &directory) {
        const std::string number = std::to_string(run.directories.size());
        const std::string where =
            file_.name() + (page.auxiliary ? " auxiliary page " : " page ") + number + " (from 0)";
        const StoredBytes stored = check_stored_bytes(file_, directory, page, where);
        if (run.directories.empty()) {
            run.layout = page;
            run.notes = handle_.notes();
            run.first = stored;
        } else if (run.difference.empty() && !page.same_pixels(run.layout)) {
            run.difference =
                "page " + number + " (from 0) is " + size_and_type(page) + ", page 0 is " + size_and_type(run.layout);
        }
        run.directories.push_back(directory.offset);
        run.stored_bytes += stored.bytes;
    }

    void choose_ome_series() {
        const std::vector<OmeSeries> &all = index_.metadata.series;
        const auto is_here = [](const OmeSeries &series) { return !series.directories.empty(); };
        index_.series = int(all.size());
        check_series(all.size());
        const auto here = size_t(std::count_if(all.begin(), all.end(), is_here));
        if (!series_ && all.size() > 1 && here == all.size()) {
            index_.choice = several_series();
            return;
        }
        // Of a set of files, this one may hold one image.
        const auto only = std::find_if(all.begin(), all.end(), is_here);
        const OmeSeries &series = !series_ && here == 1 ? *only : all[size_t(series_.value_or(0))];
        if (!is_here(series) || (!series_ && here > 1)) {
            if (!series_) {  // pages as they stand in the file
                index_.metadata.axes.clear();
                if (all.size() > 1) index_.metadata.voxel = {};
                return;
            }
            throw Error(Exit::data, file_.name() + ": where the planes of series " + std::to_string(*series_) +
                                        " are, its OME-XML does not say, or in other files; export it as a file of "
                                        "its own");
        }
        std::vector<uint64_t> offsets;
        for (const uint64_t number : series.directories) offsets.push_back(chain_[number]);
        if (offsets != index_.run.directories) choose(offsets);
        index_.metadata.axes = series.axes;
        index_.metadata.voxel = series.voxel;
    }

    /// The first, second, ... size and type of pages, as they first appear.
    void choose_pages_of_one_size() {
        std::vector<PageLayout> kinds;
        std::vector<uint64_t> offsets;
        for (const uint64_t offset : index_.run.directories) {
            const PageLayout page = handle_.go_to(offset);
            const auto known = std::find_if(kinds.begin(), kinds.end(),
                                            [&](const PageLayout &kind) { return kind.same_pixels(page); });
            if (known - kinds.begin() == *series_) offsets.push_back(offset);
            if (known == kinds.end() && kinds.size() < most_kinds) kinds.push_back(page);
        }
        index_.series = int(kinds.size());
        check_series(kinds.size());
        if (offsets == index_.run.directories) return;
        choose(offsets);
        index_.metadata.axes.clear();  // they are about all pages
    }

    std::string several_series() const {
        return "holds " + std::to_string(index_.series) + " images (series); choose one with --series 0 to " +
               std::to_string(index_.series - 1);
    }

    void check_series(size_t count) const {
        if (!series_ || size_t(*series_) < count) return;
        throw Error(Exit::usage, "--series " + std::to_string(*series_) + ": " + file_.name() + " has " +
                                     (count == 1 ? "series 0 only" : "series 0 to " + std::to_string(count - 1)) +
                                     "; choose of these");
    }

    void choose(const std::vector<uint64_t> &offsets) {
        const PageNotes notes = index_.run.notes;  // those of the file
        index_.run = {};
        for (const uint64_t offset : offsets) {
            const TiffDirectory directory = read_directory(file_, offset);
            add(index_.run, handle_.go_to(offset), directory);
        }
        index_.run.notes = notes;
    }

    /// ImageJ writes stacks of more than 4 GB as one directory, followed by `images` planes without a gap.
    void unfold_imagej_stack() {
        const StoredBytes &first = index_.run.first;
        if (!first.contiguous)
            return;  // compressed or scattered: the claim is a left-over of an editor, one page is there
        const uint64_t planes = index_.metadata.images, plane_bytes = index_.run.layout.page_bytes();
        const uint64_t present = (file_.bytes() - first.first) / plane_bytes;
        if (present < planes)
            throw Error(Exit::data, file_.name() + ": ImageJ's description claims " + std::to_string(planes) +
                                        " images, the bytes of " + std::to_string(present) +
                                        " are there; copy it again or, if no more are meant, save it from ImageJ anew");
        index_.one_directory = true;
        index_.pages = planes;
        index_.run.stored_bytes = planes * plane_bytes;
    }

    TiffHandle &handle_;
    const TiffFile &file_;
    FileIndex &index_;
    const std::optional<int> series_;
    static constexpr size_t most_kinds = 1000;  // of pages in one file
    std::vector<uint64_t> chain_;               // all directories
    std::unordered_set<uint64_t> seen_;
    uint64_t table_bytes_ = 0;
};

}  // namespace

std::vector<Axis> FileIndex::axes() const { return metadata.planes() == pages ? metadata.axes : std::vector<Axis>(); }

std::string FileIndex::obstacle() const {
    if (!choice.empty()) return choice;
    if (!run.difference.empty())
        return run.difference + "; save pages of different size or type as files of their own, or choose with --series";
    if (!loop.empty()) return loop + ", copy or export the file again";
    return run.layout.obstacle();
}

FileIndex index_file(TiffHandle &handle, const std::filesystem::path &path, std::optional<int> series) {
    const TiffFile &file = handle.file();
    FileIndex index;
    index.path = path;
    index.file_bytes = file.bytes();
    index.big = file.big();
    index.big_endian = file.big_endian();
    Walk(handle, index, series).run();
    return index;
}

}  // namespace unet
