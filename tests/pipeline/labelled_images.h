// A small labelled stack to train on.
#pragma once
#include "tests/pipeline/small_world.h"

namespace unet::test {

/// A labelled stack, and what `train` makes of it.
struct LabelledImages {
    TemporaryFolder folder;
    std::string images = folder / "images.tif", labels = folder / "labels.tif";

    explicit LabelledImages(int pages = 4) {
        write_texture(images, 96, 80, pages, 5);
        write_labels(labels, 96, 80, pages, 5);
    }
    std::vector<std::string> line(const std::string &model, const std::vector<std::string> &more) {
        std::vector<std::string> line{"train",   "--images", images,    "--labels", labels,   "--model", folder / model,
                                      "--width", "4",        "--depth", "1",        "--tile", "60"};
        line.insert(line.end(), more.begin(), more.end());
        return line;
    }
    Outcome train(const std::string &model, const std::vector<std::string> &more) { return run(line(model, more)); }
    std::string bytes(const std::string &name) { return text_of(folder / name); }
};

}  // namespace unet::test
