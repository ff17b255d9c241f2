#include "tune/knobs.h"
#include "src/base/error.h"
#include <algorithm>
#include <charconv>
#include <sstream>

namespace unet {

namespace {

constexpr int channels_of_block = 16;

KnobChoices one_knob(const std::string &name, const std::vector<int> &values) {
    KnobChoices choices;
    for (const int value : values) choices.push_back({{name, value}});
    return choices;
}

/// Blocks of channels times pixels whose sums fit the registers, with four at least left for operands: 28 sums of 32
/// were the best on Zen 4, 24 on Zen 5 (schedules/profiles). None that leaves three quarters of them idle.
KnobChoices register_tiles(int lanes, const std::vector<int> &pixels, int most_blocks = 4) {
    const int registers = lanes == 16 ? 32 : 16;
    KnobChoices choices;
    for (int blocks = 1; blocks <= most_blocks; blocks *= 2)
        for (const int count : pixels) {
            const int sums = blocks * channels_of_block / lanes * count;
            if (sums <= registers - 4 && 4 * sums >= registers)
                choices.push_back({{"blocks", blocks}, {"pixels", count}});
        }
    return choices;
}

bool is_one_of(const std::string &op, std::initializer_list<const char *> ops) {
    return std::any_of(ops.begin(), ops.end(), [&](const char *other) { return op == other; });
}

bool is_dense_layer(const std::string &op) {
    return is_one_of(op, {"conv3x3", "conv3x3_pair", "conv3x3_input_grad", "conv1x1", "conv1x1_input_grad",
                          "up_conv2x2_input_grad"});
}

bool is_winograd_convolution(const std::string &op) {
    return op.ends_with("_winograd") && !op.ends_with("filter_grad_winograd");
}

}  // namespace

std::string knobs_text(const KnobValues &knobs) {
    std::string text;
    for (const auto &[name, value] : knobs) text += (text.empty() ? "" : " ") + name + "=" + std::to_string(value);
    return text.empty() ? "default" : text;
}

KnobValues parse_knobs(const std::string &text) {
    KnobValues knobs;
    std::string words = text == "default" ? "" : text;
    std::replace(words.begin(), words.end(), ';', ' ');
    std::istringstream stream(words);
    for (std::string word; stream >> word;) {
        const size_t equals = word.find('=');
        int value = 0;
        const char *end = word.data() + word.size();
        if (equals == 0 || equals == std::string::npos ||
            std::from_chars(word.data() + equals + 1, end, value).ptr != end || value < 1)
            refuse_data("\"" + word + "\" is no knob; write name=number");
        knobs[word.substr(0, equals)] = value;
    }
    return knobs;
}

std::vector<KnobChoices> knob_choices(const std::string &op, int lanes) {
    // Rows are padded to whole register tiles of 6 pixels, so what divides 6 is possible there. Numbers of Winograd
    // tiles and the 16 input channels of a block are free.
    // Three pixels on SSE4.1 gave other bytes for the first layer than two, the only candidate of all that did.
    const std::vector<int> of_row = lanes == 4 ? std::vector<int>{1, 2, 6} : std::vector<int>{1, 2, 3, 6};
    const std::vector<int> of_block{2, 4, 8, 16}, any{2, 3, 4, 5, 6, 7, 8, 10, 12, 14};
    const std::vector<int> rows{2, 4, 8, 16, 32};
    if (is_winograd_convolution(op))
        return {register_tiles(lanes, any), one_knob("rows", {6, 12, 18, 24, 36, 48, 54, 72})};
    if (op == "conv3x3_filter_grad_winograd") return {register_tiles(lanes, of_block)};
    if (op == "conv3x3_filter_grad_rows") return {register_tiles(lanes, of_block, 2)};  // a task has two blocks
    if (op == "conv1x1_softmax" || op == "up_conv2x2") return {one_knob("pixels", {2, 3, 6}), one_knob("rows", rows)};
    if (op == "up_conv2x2_filter_grad") return {one_knob("pixels", of_block)};
    if (is_dense_layer(op)) return {register_tiles(lanes, of_row), one_knob("rows", rows)};
    if (op.find("_pool2x2") != std::string::npos) return {one_knob("rows", {1, 2, 4, 8, 16})};
    return {};
}

namespace {

// Whatever the layer, as a profile is for all networks. Of a thread's pixels those that divide 6, as rows are padded
// so; of its input channels those that divide 16, as does eight times that of an up-convolution. 16 rows make blocks of
// 1024 threads, which is all that most devices have; 24 pixels of 255 classes take 24 KB of shared memory, of which 32
// are everywhere. No more than 2048 tiles a task: plans of a device's memory count on it (src/net/memory.cpp).
std::vector<KnobChoices> gpu_choices(const std::string &op) {
    const KnobChoices of_row = one_knob("pixels", {1, 2, 3, 6}), of_block = one_knob("pixels", {1, 2, 4, 8}),
                      tiles_of_task = one_knob("rows", {256, 512, 1024, 2048});
    if (is_winograd_convolution(op)) return {of_block, tiles_of_task};
    if (is_dense_layer(op)) return {of_row, one_knob("rows", {1, 2, 4, 8, 16})};
    if (op == "up_conv2x2") return {of_row};
    if (op == "up_conv2x2_filter_grad") return {one_knob("pixels", {1, 2})};
    if (op == "conv1x1_softmax") return {one_knob("pixels", {4, 8, 16, 24})};
    if (op.find("_filter_grad") != std::string::npos) return {of_block};
    if (op.find("_pool2x2") != std::string::npos) return {one_knob("pixels", {2, 4, 8, 16, 32})};
    return {};
}

// A warp sums 16 input channels a step, whose tiles its 32 lanes bring four at a time: 8 tiles or a power of two more.
// Pixels of an up-convolution are even, so that all lanes bring some.
std::vector<KnobChoices> cuda_choices(const std::string &op) {
    if (is_winograd_convolution(op))
        return {one_knob("pixels", {8, 16, 32, 64}), one_knob("rows", {256, 512, 1024, 2048})};
    if (is_dense_layer(op)) return {one_knob("pixels", {1, 2, 3, 6}), one_knob("rows", {2, 4, 8, 16, 32})};
    if (op == "up_conv2x2") return {one_knob("pixels", {2, 6})};
    if (is_one_of(op, {"conv3x3_filter_grad_winograd", "conv3x3_filter_grad_rows", "up_conv2x2_filter_grad"}))
        return {};
    return gpu_choices(op);
}

}  // namespace

std::vector<KnobChoices> device_knob_choices(const std::string &op, const std::string &family) {
    return family == "cuda" ? cuda_choices(op) : gpu_choices(op);
}

}  // namespace unet
