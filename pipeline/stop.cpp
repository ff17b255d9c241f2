#include "pipeline/stop.h"
#include "src/base/error.h"
#include <atomic>
#include <csignal>
#include <unistd.h>

namespace unet {

namespace {

std::atomic<bool> requested = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

void on_signal(int) {
    if (requested.exchange(true)) _exit(int(Exit::interrupted));
}

}  // namespace

void answer_signals() {
    struct sigaction action = {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;  // reads and writes under way go on
    for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) sigaction(signal, &action, nullptr);
}

bool stop_requested() { return requested; }

void throw_if_stopped() {
    if (requested) throw_stopped();
}

void throw_stopped() { throw Error(Exit::interrupted, "stopped by a signal before the end; run the command again"); }

}  // namespace unet
