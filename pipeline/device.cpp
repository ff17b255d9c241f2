#include "pipeline/device.h"
#include "pipeline/option_values.h"
#include "src/kernels/kernels.h"
#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace unet {

namespace {

constexpr int64_t most_device_index = 1023;

[[noreturn]] void refuse_device() {
    throw Error(Exit::usage, "must be cpu, auto, opencl or cuda; a device by its number, as opencl:1; several by "
                             "commas, as opencl:0,1");
}

/// The first graphics processor that runs our kernels of this precision; none when there is none. OpenCL on the CPU, as
/// PoCL has it, is slower than our own kernels.
std::optional<DeviceChoice> first_graphics_processor(Precision precision) {
    for (const std::string_view name : device_driver_names) {
        const DeviceDriver &driver = *device_driver(name);
        for (size_t i = 0; i < driver.devices().size(); i++)
            if (driver.devices()[i].is_graphics_processor && runs_on_device(driver, i, precision))
                return DeviceChoice{DeviceChoice::Kind::driver, std::string(name), {i}};
    }
    return {};
}

}  // namespace

DeviceChoice parse_device(const std::string &text) {
    if (text == "cpu") return {};
    DeviceChoice choice;
    if (text == "auto") {
        choice.kind = DeviceChoice::Kind::automatic;
        return choice;
    }
    const size_t colon = text.find(':');
    choice.kind = DeviceChoice::Kind::driver;
    choice.driver = text.substr(0, colon);
    if (std::ranges::find(device_driver_names, choice.driver) == std::end(device_driver_names)) refuse_device();
    if (colon == std::string::npos) choice.indices = {0};
    else
        for (const std::string &word : parse_words(text.substr(colon + 1)))
            choice.indices.push_back(size_t(parse_integer(word, 0, most_device_index)));
    return choice;
}

DeviceChoice device_of_rank(DeviceChoice choice, int rank, int ranks) {
    if (choice.indices.size() < 2) return choice;
    if (ranks == 1)
        throw Error(Exit::usage, fmt::format("--device: a step is made on one device, and {} are named; name one, or "
                                             "start a rank for each by mpirun",
                                             choice.indices.size()));
    choice.indices = {choice.indices[size_t(rank) % choice.indices.size()]};
    return choice;
}

void use_device(const DeviceChoice &choice, bool quiet, Precision precision) {
    if (choice.kind == DeviceChoice::Kind::automatic) {
        if (const auto found = first_graphics_processor(precision)) return use_device(*found, quiet, precision);
        if (!quiet) fmt::print(stderr, "no graphics processor here: computes on the CPU\n");
    }
    if (choice.kind == DeviceChoice::Kind::driver) use_devices_of(choice.driver, choice.indices);
    if (precision == Precision::float16) use_float16();
}

void prepare_on(const DeviceChoice &choice, bool quiet, const std::function<void()> &prepare, Precision precision) {
    use_device(choice, quiet, precision);
    try {
        prepare();
    } catch (const DeviceFull &full) {
        if (choice.kind != DeviceChoice::Kind::automatic) throw;
        if (!quiet) fmt::print(stderr, "{}; computes on the CPU\n", full.what());
        use_kernels(host_kernels().name);
        if (precision == Precision::float16) use_float16();
        prepare();
    }
}

std::string devices_text() {
    std::string text;
    for (const Device *device : devices_in_use()) text += (text.empty() ? "" : ", ") + device->info().name;
    return text.empty() ? "cpu" : text;
}

}  // namespace unet
