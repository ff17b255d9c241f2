// A library to be loaded before the C library: ends its process by SIGKILL before the N-th call that changes which
// files there are or makes sure of one, N in UNETFLOW_KILL_BEFORE. So a test kills a program at each of these moments.
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <unistd.h>

namespace {

void count_down() {
    static std::atomic<int> left = [] {
        const char *text = std::getenv("UNETFLOW_KILL_BEFORE");
        return text ? std::atoi(text) : 0;
    }();
    if (--left == 0) ::kill(::getpid(), SIGKILL);
}

/// Calls the C library's own.
template<class... Arguments>
int next(const char *name, Arguments... arguments) {
    count_down();
    return reinterpret_cast<int (*)(Arguments...)>(::dlsym(RTLD_NEXT, name))(arguments...);
}

}  // namespace

extern "C" {
int rename(const char *from, const char *to) noexcept { return next("rename", from, to); }
int remove(const char *path) noexcept { return next("remove", path); }
int unlink(const char *path) noexcept { return next("unlink", path); }
int fsync(int file) { return next("fsync", file); }
}
