#include "src/base/error.h"
#include "src/score/truth_scheme.h"
#include <catch2/catch.hpp>

using namespace unet;

namespace {

LabelSurvey found(LabelKind kind, std::vector<uint32_t> values) {
    LabelSurvey survey;
    survey.scheme = {.kind = kind, .values = std::move(values), .ignore = 200};
    return survey;
}

using Values = std::vector<uint32_t>;

}  // namespace

TEST_CASE("without a number of classes the truth's values are the classes", "[definition][truth]") {
    CHECK(truth_scheme(found(LabelKind::binary, {0, 255}), 0).values == Values{0, 255});
    CHECK(truth_scheme(found(LabelKind::classes, {0, 10, 20}), 0).values == Values{0, 10, 20});
    CHECK(truth_scheme(found(LabelKind::instances, {}), 0).classes() == 2);
    CHECK(truth_scheme(found(LabelKind::classes, {0, 10, 20}), 0).ignore == 200u);
}

TEST_CASE("a truth that lacks one of two values is part of 0 and the other", "[definition][truth]") {
    const int classes = GENERATE(0, 2);
    CHECK(truth_scheme(found(LabelKind::binary, {255}), classes).values == Values{0, 255});
    CHECK(truth_scheme(found(LabelKind::binary, {0}), classes).values == Values{0, 1});
    CHECK(truth_scheme(found(LabelKind::binary, {}), classes).values == Values{0, 1});
}

TEST_CASE("with a number of classes, values below it are class numbers", "[definition][truth]") {
    CHECK(truth_scheme(found(LabelKind::classes, {0, 1, 3}), 4).values == Values{0, 1, 2, 3});
    CHECK(truth_scheme(found(LabelKind::binary, {0, 1}), 2).values == Values{0, 1});
    CHECK(truth_scheme(found(LabelKind::classes, {0, 10, 20}), 3).values == Values{0, 10, 20});
}

TEST_CASE("truth that cannot be matched to the classes is refused", "[error][truth]") {
    CHECK_THROWS_WITH(truth_scheme(found(LabelKind::classes, {0, 20, 30}), 4),
                      Catch::Contains("the values 0, 20, 30 cannot be matched to 4"));
    CHECK_THROWS_WITH(truth_scheme(found(LabelKind::instances, {}), 3), Catch::Contains("instance ids"));
    CHECK_THROWS_WITH(truth_scheme(found(LabelKind::binary, {0, 1}), 1), Catch::Contains("between 2 and 255"));
}
