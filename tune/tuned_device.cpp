#include "tune/tuned_device.h"
#include "src/base/error.h"
#include "tune/machine_name.h"
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <unistd.h>

namespace unet {

namespace {

std::string schedules_here = "cpu";

/// What the process was called with.
std::vector<std::string> words_of_process() {
    std::ifstream file("/proc/self/cmdline", std::ios::binary);
    std::vector<std::string> words;
    for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
    return words;
}

std::string trimmed(const std::string &text) {
    const size_t first = text.find_first_not_of(" \t\n"), last = text.find_last_not_of(" \t\n");
    return first == std::string::npos ? "unknown device" : text.substr(first, last - first + 1);
}

}  // namespace

void set_schedules_here(const std::string &device) { schedules_here = device; }

DeviceChoice parse_tuned_device(const std::string &text) {
    DeviceChoice choice = parse_device(text);
    if (choice.kind == DeviceChoice::Kind::automatic || choice.indices.size() > 1)
        throw Error(Exit::usage, "a profile is of one device; name it, as opencl or cuda:1");
    return choice;
}

void go_on_where_schedules_are(const DeviceChoice &choice) {
    const std::string device = choice.kind == DeviceChoice::Kind::driver ? choice.driver : "cpu";
    if (device == schedules_here) return;
    const std::string program =
        std::filesystem::read_symlink("/proc/self/exe").replace_filename("unetflow-tune").string() +
        (device == "cpu" ? "" : "-" + device);
    std::vector<std::string> words = words_of_process();
    std::vector<char *> arguments;
    for (std::string &word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execv(program.c_str(), arguments.data());
    throw Error(Exit::no_input, program + ": cannot be started; build it, it has the schedules for " + device);
}

// HL_GPU_DEVICE counts all devices of a platform, as `number` does.
void use_tuned_device(const DeviceChoice &choice) {
    use_device(choice, true);
    if (devices_in_use().empty()) return;
    const DeviceInfo &info = devices_in_use().front()->info();
    setenv("HL_GPU_DEVICE", std::to_string(info.number).c_str(), 1);
    if (!info.platform.empty()) setenv("HL_OCL_PLATFORM_NAME", info.platform.c_str(), 1);
}

std::string tuned_machine() {
    return devices_in_use().empty() ? machine_name() : trimmed(devices_in_use().front()->info().name);
}

std::string tuned_device() {
    if (devices_in_use().empty()) return "cpu";
    const Device &device = *devices_in_use().front();
    return device.index ? fmt::format("{}:{}", device.driver.name(), device.index) : std::string(device.driver.name());
}

}  // namespace unet
