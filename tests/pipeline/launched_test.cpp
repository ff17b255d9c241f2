#include "pipeline/launched.h"
#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>
#include <vector>

using namespace unet;

namespace {

/// Variables of launchers as long as it lives; those of the surroundings are hidden.
class Surroundings {
public:
    using Variables = std::vector<std::pair<std::string, std::string>>;
    explicit Surroundings(const Variables &variables) {
        for (const char *name : names) unsetenv(name);
        for (const auto &[name, value] : variables) setenv(name.c_str(), value.c_str(), 1);
    }
    ~Surroundings() {
        for (const char *name : names) unsetenv(name);
    }

private:
    static constexpr const char *names[] = {
        "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "PMI_RANK", "PMI_SIZE", "PMIX_RANK",
        "SLURM_STEP_NUM_TASKS", "SLURM_PROCID"};
};

struct Launching {
    Surroundings::Variables variables;
    int rank, ranks, strangers;
};

}  // namespace

TEST_CASE("a process knows by its environment whether others were started with it", "[definition][launched]") {
    const Launching c = GENERATE(values<Launching>({
        {{}, 0, 1, 0},
        {{{"OMPI_COMM_WORLD_RANK", "2"}, {"OMPI_COMM_WORLD_SIZE", "4"}}, 2, 4, 0},
        {{{"OMPI_COMM_WORLD_RANK", "0"}, {"OMPI_COMM_WORLD_SIZE", "1"}, {"SLURM_STEP_NUM_TASKS", "2"}}, 0, 1, 0},
        {{{"PMIX_RANK", "1"}, {"SLURM_PROCID", "1"}, {"SLURM_STEP_NUM_TASKS", "3"}}, 1, 3, 0},
        {{{"PMI_RANK", "1"}, {"PMI_SIZE", "2"}}, 1, 2, 0},
        {{{"SLURM_PROCID", "0"}, {"SLURM_STEP_NUM_TASKS", "3"}}, 0, 1, 2},
        {{{"SLURM_PROCID", "1"}, {"SLURM_STEP_NUM_TASKS", "3"}}, 0, 1, 0},
        {{{"OMPI_COMM_WORLD_RANK", "5"}, {"OMPI_COMM_WORLD_SIZE", "4"}}, 0, 1, 0},
        {{{"OMPI_COMM_WORLD_RANK", "x"}, {"OMPI_COMM_WORLD_SIZE", "4"}}, 0, 1, 0},
    }));
    const Surroundings surroundings(c.variables);
    const Launch found = launched();
    CHECK(found.rank == c.rank);
    CHECK(found.ranks == c.ranks);
    CHECK(found.strangers == c.strangers);
}
