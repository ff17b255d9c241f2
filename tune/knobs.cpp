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
    for (const char *dense :
         {"conv3x3", "conv3x3_pair", "conv3x3_input_grad", "conv1x1", "conv1x1_input_grad", "up_conv2x2_input_grad"})
        if (op == dense) return {register_tiles(lanes, of_row), one_knob("rows", rows)};
    if (op.find("_pool2x2") != std::string::npos) return {one_knob("rows", {1, 2, 4, 8, 16})};
    return {};
}

}  // namespace unet
