// unetflow: the program.
#include "pipeline/launched.h"
#include "pipeline/mpi_collective.h"
#include "pipeline/options.h"
#include "pipeline/program.h"
#include "pipeline/ranks.h"
#include "pipeline/threads.h"
#include <algorithm>
#include <fmt/format.h>

namespace {

using Words = std::vector<std::string>;

int threads_of_rank() {
    unet::ranks().meet();  // all have understood the command line
    return unet::default_threads(unet::ranks().collective().node());
}

void run(const Words &arguments) {
    const unet::Command command = unet::parse_command_line(arguments);
    const int ranks = unet::ranks().size();
    if (ranks > 1 && !command.alone.empty())
        throw unet::Error(unet::Exit::usage,
                          fmt::format("{}: works in one process, and {} were started together; leave mpirun or srun "
                                      "out, or give each process of `segment` its --shard",
                                      command.alone, ranks));
    unet::run_command(command, [&] { return ranks > 1 ? threads_of_rank() : unet::default_threads(); });
}

/// Whether mpirun or srun started several processes that are to work together. A shard is always one's own affair.
bool works_with_others(const Words &arguments) {
    const auto is_shard = [](const std::string &word) { return word.starts_with("--shard"); };
    return unet::launched().ranks > 1 && std::none_of(arguments.begin(), arguments.end(), is_shard);
}

std::unique_ptr<unet::Collective> joined() {
    try {
        return unet::mpi_ranks();
    } catch (const unet::Error &error) {  // the same on all of them
        if (unet::launched().rank > 0) throw unet::AlreadyTold{error.code};
        throw;
    }
}

void run_in_ranks(const Words &arguments) {
    unet::Ranks all(joined());
    unet::use_ranks(all);
    all.together([&] { run(arguments); });
}

}  // namespace

int main(int count, char **words) {
    const Words arguments(words + 1, words + count);
    return unet::run_program("unetflow",
                             [&] { works_with_others(arguments) ? run_in_ranks(arguments) : run(arguments); });
}
