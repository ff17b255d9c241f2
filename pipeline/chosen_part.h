// The part of a stack that was asked for, and what becomes of it.
#pragma once
#include "pipeline/region_plan.h"
#include "pipeline/segment_options.h"
#include "src/net/model.h"
#include "src/stack/stack_reader.h"
#include <map>

namespace unet {

/// Slices and rectangle of a stack.
struct ChosenPart {
    PageRange pages;
    Rect area;

    /// Throws Error(usage) when the options reach outside of the stack.
    ChosenPart(const StackReader &images, const SegmentOptions &options);
};

/// Throws Error(data) when the images have other channels than the model was trained on.
void check_channels(const StackReader &images, const Model &model, const std::string &model_name);

/// What one output will hold.
StackShape output_shape(const StackShape &images, const ChosenPart &part, const OutputKind &kind, int classes);

/// For the output's file: what decides the pixels, and nothing else. Equal results are equal files.
/// `hash`: model_hash of `model`. `input`: see InputIdentity::content.
std::map<std::string, std::string> output_metadata(const Model &model, const std::string &hash, const OutputKind &kind,
                                                   const ChosenPart &part, const SegmentOptions &options,
                                                   const std::string &input);

}  // namespace unet
