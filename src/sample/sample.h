// Training samples drawn from labelled stacks.
#pragma once
#include "src/base/array.h"
#include "src/base/normalisation.h"
#include "src/sample/augment.h"
#include "src/sample/labels.h"
#include "src/sample/lazy_stack.h"
#include "src/sample/page_normaliser.h"
#include "src/sample/split.h"
#include "src/sample/weight_map.h"
#include <memory>

namespace unet {

/// One sample as it reaches the net.
struct Sample {
    Pixels image;    ///< [channels, input, input], normalised
    Classes labels;  ///< [1, output, output], the centre of the image
    Pixels weights;  ///< [1, output, output]; 0 on ignored pixels
};

struct SampleOptions {
    int input = 0, output = 0;  ///< sides in pixels, see UNet; input - output is even
    uint64_t seed = 0;
    double foreground_share = 0.33;  ///< of the samples: drawn again until a pixel is not of class 0
    AugmentOptions augment = {};
    WeightOptions weights = {};
    std::vector<double> shares = {};  ///< of the samples, by stack: they need not add up to 1; empty: by area
};

/// Draws samples; each is a function of (seed, index) only, whatever the thread that asks.
class SampleSource {
public:
    using Page = StackPage;

    /// `pages` lists what may be drawn from, so that validation pages stay unseen; of `foreground` those that lie there
    /// help to find it. Throws Error(internal) when there is no page or when the options do not fit together.
    SampleSource(std::vector<LabelledStack> stacks, std::vector<Page> pages, LabelScheme scheme,
                 const Normalisation &normalisation, std::vector<double> class_weights, SampleOptions options,
                 const std::vector<PixelPlace> &foreground = {});

    /// A window somewhere on the pages, deformed: larger pages of a stack are drawn more often, by their area. Its
    /// output may hang over the page's border by a quarter, so that border pixels, which have to be segmented too, are
    /// not rare in training. Reads only the pixels it needs; what lies outside the page is mirrored. Labels are moved
    /// like the image, and classes and weights made of what comes out. A window without any label (all ignored) is
    /// drawn again, and so is one without foreground where foreground was asked for, up to 100 times. Safe from several
    /// threads.
    Sample draw(uint64_t index) const;

private:
    struct Place;
    Place draw_place(Random &random) const;
    Place draw_near_foreground(Random &random) const;
    int margin() const { return (options_.input - options_.output) / 2; }
    Warp warp(const Place &place, Rect region, int rim) const;
    Ids read_ids(const Place &place, int rim) const;
    template<class Use>
    auto naming_page(const Place &place, Use use) const;  // in an error's message
    bool fits(const Place &place, bool of_foreground) const;
    Sample read(const Place &place) const;

    std::vector<LabelledStack> stacks_;
    std::vector<Page> pages_;
    std::vector<PixelPlace> foreground_;   // on the pages
    std::vector<uint64_t> chance_before_;  // of the pages before each one, and the sum
    LabelScheme scheme_;
    std::vector<std::unique_ptr<PageNormaliser>> normalisers_;  // of the stacks
    std::vector<double> class_weights_;
    SampleOptions options_;
};

/// Writes a sample as folder/sample-000012.image.tif (f32, a plane for each channel), .labels.tif (u8, 255 = ignored)
/// and .weights.tif (f32), so that another framework can be fed the same. The folder must exist. Throws what
/// StackWriter throws.
void dump_sample(const Sample &sample, const std::filesystem::path &folder, uint64_t index);

}  // namespace unet
