#include "pipeline/help.h"
#include "generated/version.h"
#include "pipeline/mpi_collective.h"
#include "pipeline/verbs.h"
#include "src/kernels/kernels.h"
#include <fmt/format.h>

namespace unet {

namespace {

constexpr const char *introduction =
    R"(unetflow trains a U-Net on labelled microscopy stacks and segments TIFF archives larger than memory.

  unetflow VERB --option value ...

)";

constexpr const char *first_steps =
    R"(
A first project:
  unetflow info cells.tif                       what is in the file?
  unetflow check --images cells.tif --labels cells-labels.tif
  unetflow train --images cells.tif --labels cells-labels.tif --model cells.safetensors --time-limit 20m
  unetflow segment --model cells.safetensors --input new.tif --output new-classes.tif
  unetflow evaluate --prediction new-classes.tif --truth new-labels.tif

Paths may be files, several files, folders, quoted globs ("*.tif") or @list.txt with one path a line.
`unetflow VERB --help` explains a verb and its options; `unetflow --version` names the kernels in use.

Results go to stdout, everything else to stderr. Exit codes:
   0  done
  64  the command line is wrong
  65  an input is bad or does not fit
  66  an input is missing
  70  an internal error
  73  the output cannot be created, or exists already
  74  reading or writing failed: disk full, quota
  75  stopped by a signal (SIGINT, SIGTERM, SIGUSR1): run the same command again
)";

}  // namespace

std::string program_help() {
    std::string text = introduction;
    for (const Verb &verb : verbs()) text += fmt::format("  {:<10} {}\n", verb.name, verb.summary);
    return text + first_steps;
}

std::string verb_help(const Verb &verb, const std::string &options) {
    return fmt::format("{}: {}\n\n{}\n\n{}\nExamples:\n{}\n", verb.command(), verb.summary, verb.about, options,
                       verb.examples);
}

std::string version_text() {
    std::string compiled;
    for (const std::string_view target : compiled_targets())
        compiled.append(compiled.empty() ? "" : " ").append(target);
    return fmt::format("unetflow {}\nkernels compiled: {}\nkernels chosen: {}\nMPI: {}\n", version, compiled,
                       kernels().name, mpi_name());
}

}  // namespace unet
