// SPDX-License-Identifier: Apache-2.0
// Notices that nothing in the process can move any more, and ends it with a finished trace.
#pragma once

namespace raddle::interpose::watchdog {

// Starts the watching thread, once, if hangs are to be found. Called where a thread is created or
// blocks for ever: a program that does neither never gets the extra thread.
void start() noexcept;
// The watching thread of the process before a fork is none of this one's.
void forget() noexcept;
// No hang is reported from now on.
void stop() noexcept;
// Another thread has ended. Once main is among them, the watchdog must not outlive the last one:
// the process would never end.
void thread_ended(bool is_main) noexcept;
// Somebody knows that nothing can move any more: the process is ended at once.
void hangs() noexcept;

}  // namespace raddle::interpose::watchdog
