// The part of a stack that was asked for, and what becomes of it.
#pragma once
#include "pipeline/ensemble.h"
#include "pipeline/region_plan.h"
#include "pipeline/segment_options.h"
#include "pipeline/stack_files.h"
#include "src/net/model.h"
#include "src/stack/image_stack.h"
#include <map>

namespace unet {

/// Slices and rectangle of a stack.
struct ChosenPart {
    PageRange pages;
    Rect area;

    /// Throws Error(usage) when the options reach outside of the stack.
    ChosenPart(const ImageStack &images, const SegmentOptions &options);
};

/// The images as the model wants them: with as many neighbouring slices as it was trained on.
ImageStack images_of(const StackFiles &files, const ImageChoice &choice, const Model &model);

/// Throws Error(data) when the images have other channels than the model was trained on.
void check_channels(const ImageStack &images, const Model &model, const std::string &model_name);

/// What one output will hold; `class_names` become names of channels, where each class has one.
StackShape output_shape(const StackShape &images, const ChosenPart &part, const OutputKind &kind,
                        const std::vector<std::string> &class_names);

/// For the output's file: what decides the pixels, and nothing else. Equal results are equal files.
/// `input`: see InputIdentity::content.
std::map<std::string, std::string> output_metadata(const Ensemble &models, const OutputKind &kind,
                                                   const ChosenPart &part, const SegmentOptions &options,
                                                   const std::string &input);

}  // namespace unet
