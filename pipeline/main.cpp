// unetflow: the program.
#include "pipeline/options.h"
#include "pipeline/threads.h"
#include "src/base/error.h"
#include "src/kernels/kernels.h"
#include <csignal>
#include <cstdio>
#include <iostream>
#include <new>

namespace {

int fail(unet::Exit code, const std::string &line) {
    std::cerr << "unetflow: " << line << '\n';
    return int(code);
}

void run(const std::vector<std::string> &arguments) {
    const unet::Command command = unet::parse_command_line(arguments);
    if (!command.target.empty()) unet::use_kernels(command.target);
    unet::with_threads(command.threads > 0 ? command.threads : unet::default_threads(), command.run);
}

// Results that did not reach their reader are no success.
void flush_stdout() {
    std::cout.flush();
    if (!std::cout || std::fflush(stdout) != 0 || std::ferror(stdout))
        throw unet::Error(unet::Exit::io, "stdout: writing failed; is the disk or pipe behind it full or closed?");
}

}  // namespace

int main(int count, char **arguments) {
    std::signal(SIGXFSZ, SIG_IGN);  // a file-size limit is an error of write, with a message, like a full disk
    try {
        run({arguments + 1, arguments + count});
        flush_stdout();
        return int(unet::Exit::done);
    } catch (const unet::Error &error) {
        return fail(error.code, error.what());
    } catch (const std::bad_alloc &) {
        return fail(unet::Exit::internal,
                    "out of memory; use a smaller --tile, fewer --threads or fewer --tiles-in-flight");
    } catch (const std::exception &error) {
        return fail(unet::Exit::internal, std::string("internal error: ") + error.what());
    } catch (...) {
        return fail(unet::Exit::internal, "internal error of an unknown kind");
    }
}
