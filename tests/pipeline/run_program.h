// Runs the built program as a user would.
#pragma once
#include "tests/temporary_folder.h"
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <malloc.h>
#include <spawn.h>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace unet::test {

inline std::string text_of(const std::filesystem::path &path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

struct Outcome {
    int exit_code = -1;  ///< -1: ended by a signal
    std::string out, err;
    long peak_bytes = 0;  ///< of resident memory
};

/// Linux counts the peak of this process into that of a program which it starts: it shall be small, and of now.
inline void lower_own_peak() {
    malloc_trim(0);
    std::ofstream("/proc/self/clear_refs") << 5;  // proc(5): resets the peak resident set size
}

/// A process of the program under way; its stdout and stderr go to files.
class Running {
public:
    explicit Running(std::vector<std::string> arguments) {
        std::vector<char *> argv;
        for (std::string &argument : arguments) argv.push_back(argument.data());
        argv.push_back(nullptr);
        lower_own_peak();
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_addopen(&files, 1, (folder_ / "out").c_str(), O_WRONLY | O_CREAT, 0600);
        posix_spawn_file_actions_addopen(&files, 2, (folder_ / "err").c_str(), O_WRONLY | O_CREAT, 0600);
        if (posix_spawn(&process_, argv[0], &files, nullptr, argv.data(), environ) != 0)
            throw std::runtime_error("cannot run " + arguments[0]);
        posix_spawn_file_actions_destroy(&files);
    }

    void send(int signal) const { ::kill(process_, signal); }
    bool ended() {
        if (!ended_) ended_ = ::wait4(process_, &status_, WNOHANG, &usage_) == process_;
        return ended_;
    }

    Outcome wait() {
        if (!ended_) ::wait4(process_, &status_, 0, &usage_);
        ended_ = true;
        return {WIFEXITED(status_) ? WEXITSTATUS(status_) : -1, text_of(folder_ / "out"), text_of(folder_ / "err"),
                usage_.ru_maxrss * 1024};
    }

private:
    TemporaryFolder folder_;
    pid_t process_ = 0;
    int status_ = 0;
    rusage usage_ = {};
    bool ended_ = false;
};

inline Running start(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), UNETFLOW_PROGRAM);
    return Running(std::move(arguments));
}

inline Outcome run(std::vector<std::string> arguments) { return start(std::move(arguments)).wait(); }

/// The same with `kilobytes` of memory to address: whoever asks for more gets none.
inline Outcome run_with_memory(int kilobytes, std::vector<std::string> arguments) {
    std::vector<std::string> shell{"/bin/sh", "-c", "ulimit -v " + std::to_string(kilobytes) + "; exec \"$0\" \"$@\"",
                                   UNETFLOW_PROGRAM};
    shell.insert(shell.end(), arguments.begin(), arguments.end());
    return Running(std::move(shell)).wait();
}

/// The same with files limited to `blocks` of 512 bytes, which acts like a full disk.
inline Outcome run_with_small_disk(int blocks, std::vector<std::string> arguments) {
    std::vector<std::string> shell{"/bin/sh", "-c", "ulimit -f " + std::to_string(blocks) + "; exec \"$0\" \"$@\"",
                                   UNETFLOW_PROGRAM};
    shell.insert(shell.end(), arguments.begin(), arguments.end());
    return Running(std::move(shell)).wait();
}

}  // namespace unet::test
