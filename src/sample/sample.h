// Training samples drawn from labelled stacks.
#pragma once
#include "src/base/array.h"
#include "src/base/normalisation.h"
#include "src/base/random.h"
#include "src/sample/labels.h"
#include "src/sample/lazy_stack.h"
#include "src/sample/split.h"

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
    bool flips_and_turns = true;
    double gray_variation = 1;  ///< strength of gain, offset and gamma variation, 0 .. 2; 0 switches it off
};

/// Draws samples; each is a function of (seed, index) only, whatever the thread that asks.
class SampleSource {
public:
    using Page = StackPage;

    /// `pages` lists what may be drawn from, so that validation pages stay unseen. Throws Error(internal) when it is
    /// empty or when the options do not fit together.
    SampleSource(std::vector<LabelledStack> stacks, std::vector<Page> pages, LabelScheme scheme,
                 Normalisation normalisation, std::vector<double> class_weights, SampleOptions options);

    /// A window somewhere on the pages: larger pages are drawn more often, by their area. Its output may hang over the
    /// page's border by a quarter, so that border pixels, which have to be segmented too, are not rare in training.
    /// Reads only the windows it needs; what lies outside the page is mirrored. A window without any label (all
    /// ignored) is drawn again, up to 100 times. Safe from several threads.
    Sample draw(uint64_t index) const;

private:
    struct Place;
    Place draw_place(Random &random) const;
    Classes read_labels(const Place &place) const;
    Pixels read_image(const Place &place) const;

    std::vector<LabelledStack> stacks_;
    std::vector<Page> pages_;
    std::vector<uint64_t> area_before_;  // pixels of the pages before each one, and the sum
    LabelScheme scheme_;
    Normalisation normalisation_;
    std::vector<double> class_weights_;
    SampleOptions options_;
};

/// Weight of each pixel of `labels` in the loss: that of its class, 0 where ignored.
Pixels pixel_weights(const Classes &labels, const std::vector<double> &class_weights);

/// Writes a sample as folder/sample-000012.image.tif (f32, a plane for each channel), .labels.tif (u8, 255 = ignored)
/// and .weights.tif (f32), so that another framework can be fed the same. The folder must exist. Throws what
/// StackWriter throws.
void dump_sample(const Sample &sample, const std::filesystem::path &folder, uint64_t index);

}  // namespace unet
