#include "pipeline/gradient_sum.h"
#include "src/base/random.h"
#include "src/net/unet.h"
#include "tests/pipeline/local_ranks.h"
#include <catch2/catch.hpp>
#include <cmath>

using namespace unet;

namespace {

constexpr Architecture little_net{.channels = 1, .classes = 2, .width = 20, .depth = 2, .pooling = Pooling::max};

/// Gradients of very different size, so that another order of the sum has other bits; some zeros are negative.
void fill(Parameters &gradient, uint64_t sample) {
    Random random(7, sample);
    for (size_t i = 0; i < gradient.size(); i++)
        gradient.data()[i] = random.below(10) == 0 ? -0.0f : float(std::ldexp(random.normal(), int(random.below(30))));
}

std::vector<std::string> order_of(const Architecture &architecture) {
    std::vector<std::string> order;
    const ParameterLayout layout(architecture);
    for (const DenseLayout &layer : layout.layers) order.insert(order.begin(), layer.name);
    return order;
}

std::vector<char> bytes_of(const Parameters &parameters) {
    const auto *begin = reinterpret_cast<const char *>(parameters.data());
    return {begin, begin + parameters.size() * sizeof(float)};
}

/// Adds a batch as a Trainer does. `finishes`: layers that are announced before the turn ends.
std::vector<char> sum_of(Collective &collective, int batch, size_t finishes) {
    GradientSum sum(little_net, order_of(little_net), batch, collective);
    const int ranks = collective.size();
    for (int sample = collective.rank(); sample < batch; sample += ranks) {
        GradientSum::Turn turn(sum, {sample < ranks, sample + ranks >= batch});
        fill(turn.gradient(), uint64_t(sample));
        for (size_t layer = 0; layer < finishes; layer++) turn.finish_layer();
        turn.finish();
    }
    return bytes_of(sum.sum());
}

}  // namespace

TEST_CASE("ranks get the bits of one process that adds the samples of a batch in order", "[repeat][ranks]") {
    const int batch = GENERATE(6, 12);
    const int ranks = GENERATE(1, 2, 3, 6);
    CAPTURE(batch, ranks);
    Parameters expected(little_net), gradient(little_net);
    fill(expected, 0);
    for (int sample = 1; sample < batch; sample++) {
        fill(gradient, uint64_t(sample));
        for (size_t i = 0; i < gradient.size(); i++) expected.data()[i] += gradient.data()[i];
    }
    std::vector<std::vector<char>> sums(static_cast<size_t>(ranks));
    test::on_ranks(ranks, [&](std::unique_ptr<Collective> collective) {
        const size_t layers = order_of(little_net).size();
        sums[size_t(collective->rank())] = sum_of(*collective, batch, layers);
    });
    for (const std::vector<char> &sum : sums) CHECK((sum == bytes_of(expected)));
}

TEST_CASE("no rank waits for one that an error kept from finishing its layers", "[error][ranks]") {
    test::on_ranks(3, [&](std::unique_ptr<Collective> collective) {
        sum_of(*collective, 3, collective->rank() == 1 ? 4 : order_of(little_net).size());
        // All are still in step.
        int mine = collective->rank(), all[3] = {};
        collective->gather(&mine, sizeof mine, all);
        if (mine == 0) CHECK((all[0] == 0 && all[1] == 1 && all[2] == 2));
    });
}

TEST_CASE("every gradient travels once, with its neighbours, in pieces of bounded size", "[definition][ranks]") {
    const ParameterLayout layout(little_net);
    const size_t least = GENERATE(1, 2000, 1 << 30), most = GENERATE(100, 5000, 1 << 30);
    CAPTURE(least, most);
    std::vector<int> times(layout.size, 0);
    size_t pieces = 0;
    for (const auto &after : gradient_pieces(layout, order_of(little_net), least, most))
        for (const auto &[begin, count] : after) {
            CHECK(count <= most);
            for (size_t i = begin; i < begin + count; i++) times[i]++;
            pieces++;
        }
    CHECK(times == std::vector<int>(layout.size, 1));
    if (least == 1 << 30 && most == 1 << 30) CHECK(pieces == 1);
    if (least == 1 && most == 1 << 30) CHECK(pieces == layout.layers.size());
}

TEST_CASE("rows are added in order, the first one in place of what was there", "[definition][ranks]") {
    const std::vector<float> rows{-0.0f, 1e8f, -0.0f, 1.0f, -0.0f, -1e8f};  // three of two floats
    std::vector<float> sum{5, 5};
    add_rows_in_order(rows.data(), 3, sum.data(), 2, true);
    CHECK(std::signbit(sum[0]));
    CHECK(sum[1] == 0);  // 1e8 + 1 is 1e8
    add_rows_in_order(rows.data(), 3, sum.data(), 2, false);
    CHECK(sum[1] == 0);
    const std::vector<float> last{0, -1e8f, 0, 1e8f, 0, 1};
    add_rows_in_order(last.data(), 3, sum.data(), 2, false);
    CHECK(sum[1] == 1);
}
