#include "pipeline/threads.h"
#include "src/base/error.h"
#include <catch2/catch.hpp>
#include <cstdlib>

using namespace unet;

TEST_CASE("work runs in an arena of the threads asked for, also of more than there are processors",
          "[definition][threads]") {
    const int threads = GENERATE(1, 2, 5);
    int seen = 0;
    with_threads(threads, [&] { seen = arena_threads(); });
    CHECK(seen == threads);
    CHECK(default_threads() >= 1);
}

TEST_CASE("a job's grant of processors is obeyed", "[definition][threads]") {
    setenv("SLURM_CPUS_PER_TASK", "3", 1);
    CHECK(default_threads() == 3);
    setenv("SLURM_CPUS_PER_TASK", "nonsense", 1);
    CHECK(default_threads() >= 1);
    unsetenv("SLURM_CPUS_PER_TASK");
}

TEST_CASE("ranks of one node share its processors, never more than each may use", "[definition][threads]") {
    const int own = default_threads();
    CHECK(default_threads({.ranks = 1, .processors = 1000}) == own);
    CHECK(default_threads({.ranks = 2, .processors = 2}) == 1);
    CHECK(default_threads({.ranks = 3, .processors = 2}) == 1);
    CHECK(default_threads({.ranks = 1, .processors = 0}) == 1);
    setenv("SLURM_CPUS_PER_TASK", "3", 1);
    CHECK(default_threads({.ranks = 2, .processors = 2}) == 3);
    unsetenv("SLURM_CPUS_PER_TASK");
}

TEST_CASE("exceptions leave the arena as they are", "[error][threads]") {
    CHECK_THROWS_MATCHES(with_threads(2, [] { throw Error(Exit::io, "broken"); }), Error,
                         Catch::Matchers::Message("broken"));
}
