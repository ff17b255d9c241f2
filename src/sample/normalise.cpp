#include "src/sample/normalise.h"
#include "src/base/error.h"
#include "src/sample/windows.h"
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <fmt/format.h>

namespace unet {

namespace {

// An unsigned number in the order of the floats: positive ones get the sign bit, negative ones are turned around.
uint32_t ordered(float value) {
    const uint32_t bits = std::bit_cast<uint32_t>(value + 0.0f);  // -0 becomes 0
    return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

float from_ordered(uint32_t key) { return std::bit_cast<float>(key & 0x80000000u ? key & 0x7fffffffu : ~key); }

using Histogram = std::vector<uint64_t>;
using Ranks = std::array<uint64_t, 4>;  // those of a GrayRange
constexpr size_t bins = 65536;

// A value wanted by its rank (0 = least), found by its upper half, then by its lower half.
struct Rank {
    uint64_t rank = 0;  // within what is searched: all values, then those with the upper half found
    uint32_t upper = 0, lower = 0;
    float value() const { return from_ordered(upper << 16 | lower); }
};

// The bin that holds `rank`, which becomes the rank within that bin.
uint32_t find_bin(const Histogram &histogram, uint64_t &rank) {
    uint32_t bin = 0;
    while (rank >= histogram[bin]) rank -= histogram[bin++];
    return bin;
}

// Four ranks of one channel, and the histograms that find them.
class ChannelRanks {
public:
    void count_upper(float value) { upper_[ordered(value) >> 16]++; }

    void choose(const Ranks &ranks) {
        for (size_t i = 0; i < ranks.size(); i++) ranks_[i].rank = ranks[i];
        slot_of_.assign(bins, no_slot);
        for (Rank &rank : ranks_) {
            rank.upper = find_bin(upper_, rank.rank);
            if (slot_of_[rank.upper] != no_slot) continue;
            slot_of_[rank.upper] = uint8_t(lower_.size());
            lower_.emplace_back(bins, 0);
        }
    }

    void count_lower(float value) {
        const uint32_t key = ordered(value);
        const uint8_t slot = slot_of_[key >> 16];
        if (slot != no_slot) lower_[slot][key & 0xffff]++;
    }

    GrayRange result() {
        for (Rank &rank : ranks_) rank.lower = find_bin(lower_[slot_of_[rank.upper]], rank.rank);
        return {ranks_[0].value(), ranks_[1].value(), ranks_[2].value(), ranks_[3].value()};
    }

private:
    static constexpr uint8_t no_slot = 255;
    Histogram upper_ = Histogram(bins, 0);
    std::vector<Histogram> lower_;
    std::vector<uint8_t> slot_of_;
    std::array<Rank, 4> ranks_;
};

// All that is surveyed, to be streamed once or twice.
struct Values {
    int channels;
    uint64_t pixels;
    bool short_integers;  // of at most 16 bits, signed or not
    std::function<void(const std::function<void(const Pixels &)> &visit)> for_each_window;

    // Calls visit(channel, value) for every value.
    template<class Visit>
    void for_each(Visit visit) const {
        for_each_window([&](const Pixels &pixels) {
            const float *value = pixels.values.data();
            for (size_t i = 0; i < pixels.values.size() / pixels.channels; i++)
                for (int k = 0; k < pixels.channels; k++) visit(k, *value++);
        });
    }
};

// Short integers all have a bin of their own.
constexpr int least_short = -32768;
constexpr size_t short_values = 65536 + 32768;

bool is_short_integer(SampleType type) {
    return type == SampleType::u8 || type == SampleType::i8 || type == SampleType::u16 || type == SampleType::i16;
}

float short_of_rank(const Histogram &histogram, uint64_t rank) {
    return float(int(find_bin(histogram, rank)) + least_short);
}

// One pass: each value has its own count.
std::vector<GrayRange> survey_short_integers(const Values &values, const Ranks &ranks) {
    std::vector<Histogram> channels(values.channels, Histogram(short_values, 0));
    values.for_each([&](int k, float value) { channels[k][size_t(int(value) - least_short)]++; });
    std::vector<GrayRange> ranges;
    for (const Histogram &channel : channels)
        ranges.push_back({short_of_rank(channel, ranks[0]), short_of_rank(channel, ranks[1]),
                          short_of_rank(channel, ranks[2]), short_of_rank(channel, ranks[3])});
    return ranges;
}

// Two passes: the upper halves of the values, then the lower halves of those that matter.
std::vector<GrayRange> survey_any(const Values &values, const Ranks &ranks) {
    std::vector<ChannelRanks> channels(values.channels);
    values.for_each([&](int k, float value) { channels[k].count_upper(value); });
    for (ChannelRanks &channel : channels) channel.choose(ranks);
    values.for_each([&](int k, float value) { channels[k].count_lower(value); });
    std::vector<GrayRange> ranges;
    for (ChannelRanks &channel : channels) ranges.push_back(channel.result());
    return ranges;
}

std::vector<GrayRange> survey(const Values &values) {
    const uint64_t count = values.pixels;
    if (count == 0) throw Error(Exit::data, "images: there is no pixel to learn gray values from");
    // From 0: the least, the ceil(0.5 % n)-th, the ceil(99.5 % n)-th, the greatest value.
    const Ranks ranks{0, (count * 5 + 999) / 1000 - 1, (count * 995 + 999) / 1000 - 1, count - 1};
    return values.short_integers ? survey_short_integers(values, ranks) : survey_any(values, ranks);
}

bool is_constant(const GrayRange &range) { return range.least == range.greatest; }

}  // namespace

std::vector<GrayRange> survey_grays(const std::vector<StackPtr> &images) {
    Values values{images.front()->shape().samples, 0, true, [&](const auto &visit) {
                      for (const StackPtr &stack : images)
                          for_each_window(stack->shape(),
                                          [&](int page, Rect window) { visit(stack->read(page, window)); });
                  }};
    for (const StackPtr &stack : images) {
        const StackShape &shape = stack->shape();
        values.pixels += uint64_t(shape.width) * shape.height * shape.pages;
        values.short_integers &= is_short_integer(shape.type);
    }
    return survey(values);
}

std::vector<GrayRange> survey_grays_of_page(const StackShape &shape, int page,
                                            const std::function<Pixels(int page, Rect region)> &read) {
    return survey(
        {shape.samples, uint64_t(shape.width) * shape.height, is_short_integer(shape.type),
         [&](const auto &visit) { for_each_window_of_page(shape, [&](Rect window) { visit(read(page, window)); }); }});
}

Normalisation normalisation_of_page(const std::vector<GrayRange> &ranges) {
    Normalisation normalisation;
    for (const GrayRange &range : ranges) {
        const bool spread = range.low < range.high;
        normalisation.low.push_back(spread ? range.low : range.least);
        normalisation.high.push_back(spread               ? range.high
                                     : is_constant(range) ? range.least + std::max(1.0f, std::abs(range.least))
                                                          : range.greatest);
    }
    return normalisation;
}

Normalisation normalisation_of(const std::vector<GrayRange> &ranges) {
    if (std::all_of(ranges.begin(), ranges.end(), is_constant))
        throw Error(Exit::data,
                    fmt::format("images: every pixel has the value {}; nothing can be learned from constant images",
                                ranges.empty() ? 0 : ranges[0].least));
    return normalisation_of_page(ranges);
}

}  // namespace unet
