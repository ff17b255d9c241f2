// Which class a truth value stands for when a class map is judged.
#pragma once
#include "src/sample/labels.h"

namespace unet {

/// The scheme by which truth becomes the classes of a prediction.
///
/// `classes` is the number of classes of the model that predicted, 0 when not said. A truth that lacks some of the
/// classes (a test stack without the rare one) can be told only then: values below `classes` are class numbers
/// themselves. Otherwise the values found are the classes, ascending; a truth of one value v and no 0 is taken as part
/// of 0 and v. Throws Error(data) when the values do not fit `classes`, Error(usage) when `classes` is 1 or above 255.
LabelScheme truth_scheme(const LabelSurvey &truth, int classes);

}  // namespace unet
