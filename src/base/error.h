// The one exception of the library, and the exit codes it carries to the shell.
#pragma once
#include <stdexcept>
#include <string>

namespace unet {

/// Exit codes of the program, as in sysexits.h.
enum class Exit {
    done = 0,
    usage = 64,          ///< the command line is wrong
    data = 65,           ///< an input is bad or does not fit
    no_input = 66,       ///< an input is missing or cannot be opened
    internal = 70,       ///< a fault of the program
    cannot_create = 73,  ///< an output cannot be created
    io = 74,             ///< reading or writing failed: disk full, quota
    interrupted = 75,    ///< stopped by a signal; the same command goes on
};

/// What the library throws. `what()` is one line: the thing, the fact, the remedy.
struct Error : std::runtime_error {
    Exit code;
    Error(Exit code, const std::string &line) : std::runtime_error(line), code(code) {}
};

/// Throws Error(data).
[[noreturn]] inline void refuse_data(const std::string &fact_and_remedy) { throw Error(Exit::data, fact_and_remedy); }

}  // namespace unet
