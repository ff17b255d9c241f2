// The command line.
#pragma once
#include <functional>
#include <string>
#include <vector>

namespace unet {

/// What the program was asked to do.
struct Command {
    int threads = 0;          ///< 0: as many as the machine offers
    std::string target = {};  ///< kernels to use; empty: the best that the machine can run
    std::function<void()> run;
    std::string alone = {};  ///< a verb that runs in one process, of which mpirun must not start several
};

/// Reads "VERB --option value ...", "help VERB", "--help" and "--version"; options also from --config FILE, where the
/// command line wins. Asking for help is a command too: it prints. Throws Error(usage) in one line, with the nearest
/// name where one is misspelt; Error(no_input) for the config file.
Command parse_command_line(const std::vector<std::string> &arguments);

struct Verb;

/// The same for a program that does one thing: "--option value ...", "--help" and "--version". `verb` has the program's
/// name.
Command parse_options(const Verb &verb, const std::vector<std::string> &arguments);

}  // namespace unet
