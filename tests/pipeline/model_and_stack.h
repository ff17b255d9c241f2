// A folder with a model and a stack, to be segmented by the program.
#pragma once
#include "tests/pipeline/small_world.h"
#include <algorithm>

namespace unet::test {

inline std::vector<std::string> names_in(const std::filesystem::path &folder) {
    std::vector<std::string> names;
    for (const std::filesystem::directory_entry &entry : std::filesystem::directory_iterator(folder))
        names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
}

/// A folder with a model and a stack, and what `segment` makes of them.
struct ModelAndStack {
    TemporaryFolder folder;
    std::string model = folder / "model.safetensors", stack = folder / "stack.tif";

    ModelAndStack(int width, int height, int pages) {
        write_model(model, small_net);
        write_texture(stack, width, height, pages, 5);
    }
    Outcome segment(const std::string &output, const std::vector<std::string> &more) {
        std::vector<std::string> line{"segment", "--model", model, "--input", stack, "--output", folder / output};
        line.insert(line.end(), more.begin(), more.end());
        return run(line);
    }
    std::string bytes(const std::string &name) { return text_of(folder / name); }
};

}  // namespace unet::test
