#include "pipeline/timings.h"
#include <fmt/format.h>

namespace unet {

std::string Timings::table() const {
    const double wall = std::chrono::duration<double>(Clock::now() - started_).count();
    const auto row = [&](const char *name, double seconds, double share, const char *remark) {
        return fmt::format("{:<10} {:9.3f} s {:6.1f} %   {}\n", name, seconds, 100 * share / wall, remark);
    };
    const double network = seconds(Stage::network), kernels = seconds(Stage::kernels);
    const double waiting = wall - seconds(Stage::start) - network;
    std::string text = row("start", seconds(Stage::start), seconds(Stage::start), "options, model, filters");
    text += row("network", network, network, "tiles through the network; of that");
    text += row("  kernels", kernels, kernels, "its layers");
    text += row("waiting", waiting, waiting, "for the first tile, between tiles, for the last to be written");
    text += row("wall", wall, wall, "start, network and waiting");
    const char *beside = "beside the network, on threads it leaves free";
    for (const auto &[stage, name] :
         {std::pair(Stage::read, "read"), {Stage::encode, "encode"}, {Stage::write, "write"}})
        text += row(name, seconds(stage), seconds(stage), beside);
    return text;
}

}  // namespace unet
