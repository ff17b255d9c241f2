// Training samples drawn from labelled stacks.
#pragma once
#include "src/base/array.h"
#include "src/base/normalisation.h"
#include "src/sample/labels.h"
#include "src/stack/stack_reader.h"
#include <memory>

namespace unet {

/// One sample as it reaches the net.
struct Sample {
    Pixels image;    ///< [channels, input, input], normalised
    Classes labels;  ///< [1, output, output], the centre of the image
    Pixels weights;  ///< [1, output, output]; 0 on ignored pixels
};

/// Images with their labels, paired page by page.
struct LabelledStack {
    std::shared_ptr<const StackReader> images, labels;
};

struct SampleOptions {
    int input = 0, output = 0;  ///< sides in pixels, see UNet
    uint64_t seed = 0;
    bool flips_and_turns = true;
    double gray_variation = 1;  ///< strength of gain, offset and gamma variation; 0 switches it off
};

/// Draws samples; each is a function of (seed, index) only, whatever the thread that asks.
class SampleSource {
public:
    /// `pages` lists the (stack, page) that may be drawn from, so that validation pages stay unseen.
    struct Page {
        int stack, page;
    };
    SampleSource(std::vector<LabelledStack> stacks, std::vector<Page> pages, LabelScheme scheme, Normalisation normalisation,
                 std::vector<double> class_weights, SampleOptions options);

    /// Reads only the windows it needs, mirrored at the page's border. Safe from several threads.
    Sample draw(uint64_t index) const;

private:
    std::vector<LabelledStack> stacks_;
    std::vector<Page> pages_;
    LabelScheme scheme_;
    Normalisation normalisation_;
    std::vector<double> class_weights_;
    SampleOptions options_;
};

}  // namespace unet
