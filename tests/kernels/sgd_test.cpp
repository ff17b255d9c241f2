#include "tests/kernels/support.h"
#include "tests/kernels/targets.h"

namespace unet::test {

namespace {

constexpr int sgd_sizes[] = {16, 48, 16 * 1025,
                         100'000 / 16 * 16};  // within a task, over several, with a last one that is not whole

struct SgdParameters {
    Vector weight, momentum, gradient;
    explicit SgdParameters(int size)
        : weight(random(Vector(size), 1)), momentum(random(Vector(size), 2)), gradient(random(Vector(size), 3)) {}
};

constexpr float rate = 0.01f, mu = 0.99f;

}  // namespace

TEST_CASE("sgd moves weights by PyTorch's formula, in place", "[definition][sgd]") {
    const Kernels kernels = GENERATE(each_family());
    const int size = GENERATE(from_range(std::begin(sgd_sizes), std::end(sgd_sizes)));
    CAPTURE(kernels.name, size);
    const SgdParameters before(size), p(size);

    run(kernels.sgd, p.weight, p.momentum, p.gradient, rate, mu, p.weight, p.momentum);

    // torch.optim.SGD: buffer = momentum * buffer + gradient; parameter -= lr * buffer
    const auto moved = [&](int i) { return double(mu) * before.momentum(i) + before.gradient(i); };
    CHECK(max_difference(p.momentum, moved) <= rounding(2));
    CHECK(max_difference(p.weight, [&](int i) { return before.weight(i) - double(rate) * moved(i); }) <= rounding(1));
    CHECK(bool(bits(p.gradient) == bits(before.gradient)));
}

TEST_CASE("sgd gives the same in place and beside its inputs", "[definition][sgd]") {
    const Kernels kernels = GENERATE(each_family());
    const int size = GENERATE(from_range(std::begin(sgd_sizes), std::end(sgd_sizes)));
    CAPTURE(kernels.name, size);
    const SgdParameters p(size);
    const Vector weight = filled(Vector(size), nan), momentum = filled(Vector(size), nan);

    run(kernels.sgd, p.weight, p.momentum, p.gradient, rate, mu, weight, momentum);
    run(kernels.sgd, p.weight, p.momentum, p.gradient, rate, mu, p.weight, p.momentum);

    CHECK(bool(bits(weight, momentum) == bits(p.weight, p.momentum)));
}

TEST_CASE("sgd gives the same bytes for any number of threads", "[repeat][sgd]") {
    check_repeats([](const Kernels &kernels) {
        const SgdParameters p(100'000);
        for (int step = 0; step < 3; step++)
            run(kernels.sgd, p.weight, p.momentum, p.gradient, rate, mu, p.weight, p.momentum);
        return bits(p.weight, p.momentum);
    });
}

}  // namespace unet::test
