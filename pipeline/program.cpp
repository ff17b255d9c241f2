#include "pipeline/program.h"
#include "pipeline/failure.h"
#include "pipeline/ranks.h"
#include "pipeline/threads.h"
#include "src/kernels/kernels.h"
#include <csignal>
#include <cstdio>
#include <iostream>

namespace unet {

namespace {

// Results that did not reach their reader are no success.
void flush_stdout() {
    std::cout.flush();
    if (!std::cout || std::fflush(stdout) != 0 || std::ferror(stdout))
        throw Error(Exit::io, "stdout: writing failed; is the disk or pipe behind it full or closed?");
}

}  // namespace

int run_program(const std::string &name, const std::function<void()> &work) {
    std::signal(SIGXFSZ, SIG_IGN);  // a file-size limit is an error of write, with a message, like a full disk
    try {
        work();
        flush_stdout();
        return int(Exit::done);
    } catch (const AlreadyTold &told) {
        return int(told.code);
    } catch (...) {
        const Failure failure = failure_of(std::current_exception());
        tell(failure, name);
        return int(failure.code);
    }
}

void run_command(const Command &command, const std::function<int()> &usual_threads) {
    if (!command.target.empty()) use_kernels(command.target);
    with_threads(command.threads > 0 ? command.threads : usual_threads(), command.run);
}

}  // namespace unet
