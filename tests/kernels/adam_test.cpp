#include "tests/kernels/support.h"
#include "tests/kernels/targets.h"

namespace unet::test {

namespace {

constexpr int adam_sizes[] = {16, 48, 16 * 1025,
                         100'000 / 16 * 16};  // within a task, over several, with a last one that is not whole

struct AdamParameters {
    Vector weight, mean, square, gradient;
    explicit AdamParameters(int size)
        : weight(random(Vector(size), 1)), mean(random(Vector(size), 2)), square(random(Vector(size), 3)),
          gradient(random(Vector(size), 4)) {
        square.for_each_value([](float &value) { value = std::abs(value); });
    }
};

constexpr float step = 0.01f, root = 0.3f, a = 0.1f, b = 0.001f, small = 1e-8f, keep = 0.97f;

void run_adam(const Kernels &kernels, const AdamParameters &p, const Vector &weight, const Vector &mean,
              const Vector &square) {
    run(kernels.adam, p.weight, p.mean, p.square, p.gradient, step, root, a, b, small, keep, weight, mean, square);
}

}  // namespace

TEST_CASE("adam moves weights by its definition, in place and beside its inputs", "[definition][adam]") {
    const Kernels kernels = GENERATE(each_family());
    const int size = GENERATE(from_range(std::begin(adam_sizes), std::end(adam_sizes)));
    CAPTURE(kernels.name, size);
    const AdamParameters before(size), p(size);
    const Vector weight = filled(Vector(size), nan), mean = filled(Vector(size), nan), square = filled(Vector(size), nan);

    run_adam(kernels, p, weight, mean, square);
    run_adam(kernels, p, p.weight, p.mean, p.square);

    const auto new_mean = [&](int i) { return before.mean(i) + double(a) * (double(before.gradient(i)) - before.mean(i)); };
    const auto new_square = [&](int i) {
        const double g = before.gradient(i);
        return before.square(i) + double(b) * (g * g - before.square(i));
    };
    const auto new_weight = [&](int i) {
        return double(keep) * before.weight(i) - step * new_mean(i) / (std::sqrt(new_square(i)) / root + small);
    };
    CHECK(max_difference(p.mean, new_mean) <= rounding(2));
    CHECK(max_difference(p.square, new_square) <= rounding(2));
    // A weight moves by at most step * root * 1 / sqrt(least square, some 1e-6): below 4, of which 8 roundings.
    CHECK(max_difference(p.weight, new_weight) <= 4 * rounding(8));
    CHECK(bool(bits(p.gradient) == bits(before.gradient)));
    CHECK(bool(bits(weight, mean, square) == bits(p.weight, p.mean, p.square)));
}

TEST_CASE("adam without decay leaves weights that never had a gradient", "[definition][adam]") {
    const Kernels kernels = GENERATE(each_family());
    const AdamParameters p(16);
    for (const Vector &zero : {p.mean, p.square, p.gradient}) Vector(zero).fill(0);
    const Vector before = p.weight.copy();
    run(kernels.adam, p.weight, p.mean, p.square, p.gradient, step, root, a, b, small, 1.0f, p.weight, p.mean, p.square);
    CHECK(bool(bits(p.weight) == bits(before)));
}

TEST_CASE("adam gives the same bytes for any number of threads", "[repeat][adam]") {
    check_repeats([](const Kernels &kernels) {
        const AdamParameters p(100'000);
        for (int i = 0; i < 3; i++) run_adam(kernels, p, p.weight, p.mean, p.square);
        return bits(p.weight, p.mean, p.square);
    });
}

}  // namespace unet::test
