#include "src/stack/image_stack.h"
#include "src/base/error.h"
#include "src/stack/slice_order.h"
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace unet {

namespace {

std::vector<StackReader> open_readers(const std::vector<std::filesystem::path> &files, const ImageChoice &choice) {
    const size_t lists = size_t(choice.file_channels), each = files.size() / lists;
    if (files.size() % lists)
        throw Error(Exit::internal, "lists of channels differ in length; please report this fault");
    std::vector<StackReader> readers;
    for (size_t i = 0; i < lists; i++) {
        const auto first = files.begin() + std::ptrdiff_t(i * each);
        readers.emplace_back(std::vector(first, first + std::ptrdiff_t(each)), choice.series);
    }
    return readers;
}

}  // namespace

struct ImageStack::Impl {
    /// Where a channel is read: in page `page` of a slice of file list `reader`.
    struct ChannelPlace {
        int reader, page, sample;
    };

    std::vector<StackReader> readers;  // one for each list of files
    SliceOrder order;
    std::vector<ChannelPlace> places;  // of the channels that were chosen
    StackShape shape;
    int context;

    Impl(const std::vector<std::filesystem::path> &files, const ImageChoice &choice)
        : readers(open_readers(files, choice)), order(readers.front().axes(), readers.front().shape().pages),
          shape(readers.front().shape()), context(choice.context_slices) {
        check_readers();
        places = chosen(choice);
        shape.pages = order.slices();
        shape.samples = int(places.size()) * (2 * context + 1);
    }

    void check_readers() {
        for (const StackReader &reader : readers) {
            const StackShape &own = reader.shape();
            if (own.type != readers.front().shape().type) shape.type = SampleType::f32;  // takes the values of any
            if (own.width == shape.width && own.height == shape.height && own.pages == shape.pages &&
                SliceOrder(reader.axes(), own.pages) == order)
                continue;
            throw Error(Exit::data,
                        fmt::format("{}: has {} pages of {} x {}, {} has {} of {} x {}; files that are channels of one "
                                    "another must agree, in the order of their pages too",
                                    reader.name(), own.pages, own.width, own.height, readers.front().name(),
                                    shape.pages, shape.width, shape.height));
        }
    }

    std::vector<ChannelPlace> all_channels() const {
        std::vector<ChannelPlace> all;
        for (int reader = 0; reader < int(readers.size()); reader++)
            for (int page = 0; page < order.channels(); page++)
                for (int sample = 0; sample < readers[reader].shape().samples; sample++)
                    all.push_back({reader, page, sample});
        return all;
    }

    std::vector<ChannelPlace> chosen(const ImageChoice &choice) const {
        const std::vector<ChannelPlace> all = all_channels();
        if (choice.channels.empty()) return all;
        std::vector<ChannelPlace> places;
        for (const int channel : choice.channels) {
            if (channel < 0 || size_t(channel) >= all.size())
                throw Error(Exit::usage,
                            fmt::format("--channels {}: {} has channel{} 0{}; choose of these",
                                        fmt::join(choice.channels, ","), readers.front().name(),
                                        all.size() == 1 ? "" : "s",
                                        all.size() == 1 ? " only" : fmt::format(" to {}", all.size() - 1)));
            places.push_back(all[size_t(channel)]);
        }
        return places;
    }

    /// A page as it stands in the file.
    bool direct() const {
        return readers.size() == 1 && order.channels() == 1 && context == 0 &&
               int(places.size()) == readers.front().shape().samples && in_order();
    }

    bool in_order() const {
        for (size_t i = 0; i < places.size(); i++)
            if (places[i].sample != int(i)) return false;
        return true;
    }

    /// Reads each page that some channel stands in once.
    Pixels gather(int slice, Rect region) const {
        Pixels pixels(shape.samples, region.width, region.height);
        for (int part = 0; part < 2 * context + 1; part++) {
            const int from = order.neighbour(slice, part - context), first = part * int(places.size());
            for (size_t i = 0; i < places.size(); i++) {
                const auto same_page = [&](const ChannelPlace &other) {
                    return other.reader == places[i].reader && other.page == places[i].page;
                };
                if (std::any_of(places.begin(), places.begin() + std::ptrdiff_t(i), same_page)) continue;
                const Pixels page = readers[size_t(places[i].reader)].read(order.page(from, places[i].page), region);
                for (size_t k = i; k < places.size(); k++)
                    if (same_page(places[k])) copy_channel(page, places[k].sample, pixels, first + int(k));
            }
        }
        return pixels;
    }

    static void copy_channel(const Pixels &from, int sample, Pixels &to, int channel) {
        const size_t pixels = size_t(to.width) * to.height;
        for (size_t i = 0; i < pixels; i++)
            to.values[i * to.channels + channel] = from.values[i * from.channels + sample];
    }
};

ImageStack::ImageStack(const std::vector<std::filesystem::path> &files, const ImageChoice &choice)
    : impl_(std::make_unique<Impl>(files, choice)) {}
ImageStack::ImageStack(ImageStack &&) noexcept = default;
ImageStack::~ImageStack() = default;

const StackShape &ImageStack::shape() const { return impl_->shape; }
const std::string &ImageStack::name() const { return impl_->readers.front().name(); }

uint64_t ImageStack::index_bytes() const {
    uint64_t sum = 0;
    for (const StackReader &reader : impl_->readers) sum += reader.index_bytes();
    return sum;
}

uint64_t ImageStack::decoding_bytes() const {
    uint64_t most = 0;
    for (const StackReader &reader : impl_->readers) most = std::max(most, reader.decoding_bytes());
    return most;
}

uint64_t ImageStack::block_bytes(Size window) const {
    uint64_t sum = 0;
    for (const StackReader &reader : impl_->readers) sum += reader.block_bytes(window);
    return sum * uint64_t(impl_->order.channels()) * uint64_t(2 * impl_->context + 1);
}

void ImageStack::hold_blocks(uint64_t most_bytes) {
    for (StackReader &reader : impl_->readers) reader.hold_blocks(most_bytes / impl_->readers.size());
}

int ImageStack::samples_beside() const {
    if (impl_->direct()) return 0;
    int most = 0;
    for (const StackReader &reader : impl_->readers) most = std::max(most, reader.shape().samples);
    return most;
}

Pixels ImageStack::read(int slice, Rect region) const {
    return impl_->direct() ? impl_->readers.front().read(slice, region) : impl_->gather(slice, region);
}

Ids ImageStack::read_ids(int slice, Rect region) const {
    if (impl_->readers.size() > 1 || impl_->order.channels() > 1)
        throw Error(Exit::data, fmt::format("{}: labels with {} channels; save one gray value per pixel", name(),
                                            impl_->shape.samples));
    return impl_->readers.front().read_ids(slice, region);
}

}  // namespace unet
