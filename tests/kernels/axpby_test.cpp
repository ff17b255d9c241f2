#include "tests/kernels/support.h"
#include "tests/kernels/targets.h"

namespace unet::test {

namespace {

constexpr int axpby_sizes[] = {16, 48, 16 * 1025, 100'000 / 16 * 16};

}  // namespace

TEST_CASE("axpby adds two buffers by their factors, in place too", "[definition][axpby]") {
    const Kernels kernels = GENERATE(each_family());
    const int size = GENERATE(from_range(std::begin(axpby_sizes), std::end(axpby_sizes)));
    CAPTURE(kernels.name, size);
    const Vector x = random(Vector(size), 1), y = random(Vector(size), 2), out = filled(Vector(size), nan);

    run(kernels.axpby, x, y, 0.5f, -1.25f, out);
    CHECK(max_difference(out, [&](int i) { return 0.5 * x(i) - 1.25 * y(i); }) <= rounding(2));
    run(kernels.axpby, x, y, 0.5f, -1.25f, x);
    CHECK(bool(bits(x) == bits(out)));
}

TEST_CASE("axpby leaves out what has the factor 0, and adds exactly what has the factor 1", "[definition][axpby]") {
    const Kernels kernels = GENERATE(each_family());
    CAPTURE(kernels.name);
    const int size = 48;
    Vector x = random(Vector(size), 1), y = random(Vector(size), 2), unset = filled(Vector(size), nan),
           out = filled(Vector(size), nan);
    const auto same = [&](auto expected) {
        bool same = true;
        for (int i = 0; i < size; i++) same &= out(i) == expected(i);
        return same;
    };
    x(3) = -0.0f, y(3) = -0.0f;
    run(kernels.axpby, x, y, 1.0f, 1.0f, out);
    CHECK(same([&](int i) { return x(i) + y(i); }));
    CHECK(std::signbit(out(3)));
    run(kernels.axpby, x, unset, 3.0f, 0.0f, out);
    CHECK(same([&](int i) { return 3.0f * x(i); }));
    run(kernels.axpby, unset, y, 0.0f, 3.0f, out);
    CHECK(same([&](int i) { return 3.0f * y(i); }));
    run(kernels.axpby, unset, unset, 0.0f, 0.0f, out);
    CHECK(same([](int) { return 0.0f; }));
}

TEST_CASE("axpby gives the same bytes for any number of threads", "[repeat][axpby]") {
    check_repeats([](const Kernels &kernels) {
        const Vector x = random(Vector(100'000), 1), y = random(Vector(100'000), 2);
        run(kernels.axpby, x, y, 1.0f, 1.0f, x);
        run(kernels.axpby, x, x, 0.3f, 0.0f, x);
        return bits(x);
    });
}

}  // namespace unet::test
