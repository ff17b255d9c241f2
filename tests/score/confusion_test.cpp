#include "src/base/error.h"
#include "src/score/confusion.h"
#include <catch2/catch.hpp>
#include <rapidcheck.h>

using namespace unet;

namespace {

Classes map_of(std::vector<uint8_t> values) {
    Classes map(1, int(values.size()), 1);
    map.values = std::move(values);
    return map;
}

}  // namespace

TEST_CASE("one class alone is noticed where truth has others", "[definition][confusion]") {
    const auto only = [](const Classes &prediction, const Classes &truth) {
        Confusion confusion(2);
        confusion.add(prediction, truth);
        return confusion.only_class();
    };
    CHECK(only(map_of({1, 1, 1}), map_of({1, 0, 1})) == 1);
    CHECK(only(map_of({0, 0, 0}), map_of({1, 0, ignored})) == 0);
    CHECK_FALSE(only(map_of({1, 1, 1}), map_of({1, 1, 1})));
    CHECK_FALSE(only(map_of({1, 0, 1}), map_of({1, 1, 1})));
    CHECK_FALSE(Confusion(2).only_class());
}

TEST_CASE("IoU, Dice and pixel error of a case worked out by hand", "[definition][confusion]") {
    Confusion confusion(2);
    confusion.add(map_of({0, 0, 1, 1, 1, 0}), map_of({0, 1, 1, 1, 0, 0}));
    CHECK(confusion.count(1, 1) == 2);
    CHECK(confusion.count(1, 0) == 1);
    CHECK(confusion.count(0, 1) == 1);
    CHECK(*confusion.iou(1) == 0.5);
    CHECK(*confusion.dice(1) == Approx(2.0 / 3));
    CHECK(*confusion.iou(0) == 0.5);
    CHECK(*confusion.pixel_error() == Approx(1.0 / 3));
}

TEST_CASE("scores equal their definition by sets, ignored truth left out", "[definition][confusion]") {
    CHECK(rc::check([] {
        const int classes = *rc::gen::inRange(2, 6), size = *rc::gen::inRange(1, 80);
        std::vector<uint8_t> truth(size), said(size);
        for (int i = 0; i < size; i++) {
            truth[i] = *rc::gen::inRange(0, 5) == 0 ? ignored : uint8_t(*rc::gen::inRange(0, classes));
            said[i] = uint8_t(*rc::gen::inRange(0, classes));
        }
        Confusion confusion(classes);
        confusion.add(map_of(said), map_of(truth));
        for (int c = 0; c < classes; c++) {
            int both = 0, either = 0;
            for (int i = 0; i < size; i++) {
                if (truth[i] == ignored) continue;
                both += truth[i] == c && said[i] == c;
                either += truth[i] == c || said[i] == c;
            }
            RC_ASSERT(confusion.iou(c).has_value() == (either > 0));
            RC_ASSERT(confusion.dice(c).has_value() == (either > 0));
            if (either == 0) continue;
            RC_ASSERT(*confusion.iou(c) == double(both) / either);
            RC_ASSERT(std::abs(*confusion.dice(c) - 2.0 * both / (either + both)) < 1e-15);
        }
    }));
}

TEST_CASE("windows add up to the whole", "[definition][confusion]") {
    Confusion whole(3), left(3), right(3);
    whole.add(map_of({0, 1, 2, 2}), map_of({0, 2, 2, 255}));
    left.add(map_of({0, 1}), map_of({0, 2}));
    right.add(map_of({2, 2}), map_of({2, 255}));
    left.add(right);
    for (int truth = 0; truth < 3; truth++)
        for (int said = 0; said < 3; said++) CHECK(left.count(truth, said) == whole.count(truth, said));
    CHECK(whole.pixels() == 3);
}

TEST_CASE("no pixel, no score", "[definition][confusion]") {
    Confusion confusion(2);
    confusion.add(map_of({1}), map_of({255}));
    CHECK_FALSE(confusion.pixel_error());
    CHECK_FALSE(confusion.iou(0));
    CHECK_FALSE(confusion.dice(1));
}

TEST_CASE("a predicted class that does not exist is refused", "[error][confusion]") {
    Confusion confusion(2);
    CHECK_THROWS_WITH(confusion.add(map_of({2}), map_of({0})),
                      Catch::Contains("class 2 is predicted, but the truth has 2 classes"));
    CHECK_THROWS_AS(confusion.add(map_of({0, 0}), map_of({0})), Error);
    CHECK_THROWS_AS(confusion.add(Confusion(3)), Error);
}
