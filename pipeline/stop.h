// Stopping cleanly on SIGINT, SIGTERM and SIGUSR1.
#pragma once

namespace unet {

/// From here on the first SIGINT, SIGTERM or SIGUSR1 sets a flag for the work to see; a second one leaves at once, with
/// exit code 75. Files under their final names stay whole either way.
void answer_signals();

bool stop_requested();

/// Throws Error(interrupted) when stop was requested.
void throw_if_stopped();
[[noreturn]] void throw_stopped();

}  // namespace unet
