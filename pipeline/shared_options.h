// Options that several verbs have, and the words they share.
#pragma once
#include "pipeline/device.h"
#include "pipeline/option_table.h"
#include "src/net/architecture.h"
#include "src/sample/labels.h"
#include "src/sample/weight_map.h"
#include "src/stack/image_stack.h"
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace unet {

constexpr int64_t many = std::numeric_limits<int64_t>::max();
constexpr int64_t most_tile = 1 << 16, most_ids = std::numeric_limits<uint32_t>::max();
inline const char *const several = "PATH...";
inline const std::string width_help = "channels at full resolution, doubled at each level; 64 in the paper, 16 is fast",
                         depth_help = "number of poolings; 4 in the paper";

inline void required(Option &option) { option.required = true; }

/// A network and what goes in and out. `tile`: the input in pixels.
void declare_network(OptionTable &table, Architecture &architecture, int &tile);
void declare_labels(OptionTable &table, std::optional<LabelKind> &kind, std::optional<uint32_t> &ignore);
void declare_slices(OptionTable &table, std::optional<std::pair<int, int>> &slices);
/// Which channels and series of the images.
void declare_channels(OptionTable &table, ImageChoice &choice);
void declare_json(OptionTable &table, std::string &json);
void declare_weights(OptionTable &table, WeightForm &form);
void declare_device(OptionTable &table, DeviceChoice &device);
void declare_precision(OptionTable &table, Precision &precision);
/// Bytes that may be taken of each; 0: what it has.
void declare_device_memory(OptionTable &table, uint64_t &bytes);
void declare_memory_saver(OptionTable &table, bool &memory_saver);

}  // namespace unet
