// Samples as a person sees them, before any training.
#pragma once
#include "src/sample/sample.h"
#include <filesystem>

namespace unet {

/// Writes the first `count` samples to `file`, a PNG: a row for each with the image, labels and weights where the
/// network answers. Throws what SampleSource::draw and write_png throw.
void write_preview(const SampleSource &source, int count, int classes, const std::filesystem::path &file);

}  // namespace unet
