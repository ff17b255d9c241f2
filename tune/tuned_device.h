// Where kernels are tuned: on the CPU or on one device, each by a program that has the schedules for it.
#pragma once
#include "pipeline/device.h"

namespace unet {

/// Says what the schedules in this program are for: "cpu", or a driver's name.
void set_schedules_here(const std::string &device);

/// "cpu", or one device of a driver. Throws Error(usage) with the words that follow "--device TEXT: ".
DeviceChoice parse_tuned_device(const std::string &text);

/// Goes on, with the same words, in the program that has the schedules for the device: "unetflow-tune",
/// "unetflow-tune-opencl" or "unetflow-tune-cuda" in this one's folder. Returns where this is the one. Throws
/// Error(no_input) when the other one is not there.
void go_on_where_schedules_are(const DeviceChoice &choice);

/// Chooses the device for the whole process. Kernels that are compiled in it bring a runtime of their own, which is
/// told by its environment. Throws Error(usage) when the device is not there, or runs no kernels.
void use_tuned_device(const DeviceChoice &choice);

/// The device in use, or the processor, as profiles name it: machine_name, or what the driver calls the device.
std::string tuned_machine();

/// Of the device in use, as --device takes it; "cpu" without.
std::string tuned_device();

}  // namespace unet
