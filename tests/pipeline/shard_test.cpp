#include "pipeline/shard.h"
#include "src/base/error.h"
#include <catch2/catch.hpp>
#include <cstdlib>

using namespace unet;
using Catch::Matchers::Contains;

namespace {

using Variables = std::vector<std::pair<std::string, std::string>>;

/// Variables of a queue, for as long as it lives.
class Environment {
public:
    explicit Environment(Variables variables) : variables_(std::move(variables)) {
        for (const auto &[name, value] : variables_) ::setenv(name.c_str(), value.c_str(), 1);
    }
    ~Environment() {
        for (const auto &[name, value] : variables_) ::unsetenv(name.c_str());
    }

private:
    Variables variables_;
};

Variables slurm(int id, int first, int last, int step, int count) {
    return {{"SLURM_ARRAY_TASK_ID", std::to_string(id)},
            {"SLURM_ARRAY_TASK_MIN", std::to_string(first)},
            {"SLURM_ARRAY_TASK_MAX", std::to_string(last)},
            {"SLURM_ARRAY_TASK_STEP", std::to_string(step)},
            {"SLURM_ARRAY_TASK_COUNT", std::to_string(count)}};
}

}  // namespace

TEST_CASE("shards share the bands out, each band once, in order, evenly", "[definition][shard]") {
    const int64_t bands = GENERATE(0, 1, 7, 64, 1000003), count = GENERATE(1, 2, 7, 10, 999);
    CAPTURE(bands, count);
    int64_t next = 0;
    bool in_order = true, even = true;
    for (int64_t index = 0; index < count; index++) {
        const BandRange own = bands_of({index, count}, bands);
        in_order &= own.first == next;
        even &= own.end - own.first == bands / count || own.end - own.first == bands / count + (bands % count != 0);
        next = own.end;
    }
    CHECK(in_order);
    CHECK(even);
    CHECK(next == bands);
}

TEST_CASE("task k of N does the shards k, k + N, ...", "[definition][shard]") {
    CHECK(shards_of({1, 3}, 0) == std::vector<Shard>{{1, 3}});
    CHECK(shards_of({1, 3}, 8) == std::vector<Shard>{{1, 8}, {4, 8}, {7, 8}});
    CHECK_THROWS_WITH(shards_of({2, 3}, 2), Contains("task 2 (from 0) has no part of 2"));
    CHECK(shards_of({2, 0}, 4) == std::vector<Shard>{{2, 4}});  // of how many tasks, nobody says
    CHECK_THROWS_WITH(shards_of({2, 0}, 0), Contains("--shards: the queue does not say how many tasks there are"));
}

TEST_CASE("a shard is written i/N", "[definition][shard]") {
    CHECK(parse_shard("3/10") == Shard{3, 10});
    for (const char *wrong : {"", "3", "10/10", "-1/3", "1/0", "1/2/3", "a/b"}) {
        CAPTURE(wrong);
        CHECK_THROWS_AS(parse_shard(wrong), Error);
    }
}

TEST_CASE("%s in a name becomes the number of the shard", "[definition][shard]") {
    CHECK(shard_name("parts/em-%s.tif", {3, 10}) == "parts/em-3.tif");
    CHECK(shard_name("%s%s%", {12, 20}) == "1212%");
    CHECK(shard_name("plain.tif", {3, 10}) == "plain.tif");
}

TEST_CASE("a task of a job array is known by its queue's variables", "[definition][shard]") {
    CHECK_FALSE(task_of_array());
    {
        const Environment job(slurm(5, 1, 9, 2, 5));
        CHECK(task_of_array()->task == Shard{2, 5});
        CHECK(task_of_array()->queue == "Slurm");
    }
    {
        const Environment job(Variables{{"LSB_JOBINDEX", "4"}, {"LSB_JOBINDEX_END", "8"}, {"LSB_JOBINDEX_STEP", "1"}});
        CHECK(task_of_array()->task == Shard{3, 8});
    }
    {
        const Environment job(Variables{{"LSB_JOBINDEX", "0"}, {"SGE_TASK_ID", "undefined"}});
        CHECK_FALSE(task_of_array());
    }
    {
        const Environment job(Variables{
            {"SGE_TASK_ID", "7"}, {"SGE_TASK_FIRST", "1"}, {"SGE_TASK_LAST", "10"}, {"SGE_TASK_STEPSIZE", "3"}});
        CHECK(task_of_array()->task == Shard{2, 4});
    }
    {
        const Environment job(Variables{{"PBS_ARRAY_INDEX", "7"}});
        CHECK(task_of_array()->task == Shard{7, 0});
    }
}

TEST_CASE("variables of a queue that contradict each other are refused", "[error][shard]") {
    const auto line = [](const Variables &variables) {
        const Environment job(variables);
        try {
            task_of_array();
        } catch (const Error &error) {
            CHECK(error.code == Exit::usage);
            return std::string(error.what());
        }
        return std::string();
    };
    CHECK_THAT(line(slurm(3, 1, 5, 1, 3)), Contains("has 3 tasks, its numbers mean 5"));  // --array=1,3,5
    CHECK_THAT(line(slurm(4, 1, 9, 2, 5)), Contains("is none of the numbers 1 to 9 in steps of 2"));
    CHECK_THAT(line({{"SLURM_ARRAY_TASK_ID", "x"}}), Contains("is no number; name the shard with --shard"));
}
