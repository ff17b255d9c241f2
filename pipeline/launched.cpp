#include "pipeline/launched.h"
#include <charconv>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace unet {

namespace {

std::optional<int> number_in_environment(const char *name) {
    const char *text = std::getenv(name);
    if (!text) return {};
    const std::string_view digits(text);
    int value = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return failure == std::errc() && end == digits.data() + digits.size() ? std::optional(value) : std::nullopt;
}

struct Variables {
    const char *rank, *ranks;
};

// The first pair that is there counts: under mpirun in a Slurm job those of Slurm speak of mpirun's own daemons.
constexpr Variables launchers[] = {
    {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"}, {"PMIX_RANK", "SLURM_STEP_NUM_TASKS"}, {"PMI_RANK", "PMI_SIZE"}};

}  // namespace

Launch launched() {
    for (const auto &[rank, ranks] : launchers) {
        const std::optional<int> own = number_in_environment(rank), all = number_in_environment(ranks);
        if (own && all && 0 <= *own && *own < *all) return {.rank = *own, .ranks = *all};
    }
    const bool first = number_in_environment("SLURM_PROCID") == 0;
    return {.strangers = first ? number_in_environment("SLURM_STEP_NUM_TASKS").value_or(1) - 1 : 0};
}

}  // namespace unet
