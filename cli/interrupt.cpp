// SPDX-License-Identifier: Apache-2.0
#include "cli/interrupt.h"

#include <atomic>

namespace raddle::cli {
namespace {

// Relaxed: who wants to know looks again and again.
std::atomic<int> g_signal{0};

void on_signal(int signal) { g_signal.store(signal, std::memory_order_relaxed); }

}  // namespace

int interrupt_signal() { return g_signal.load(std::memory_order_relaxed); }

InterruptGuard::InterruptGuard() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    sigaction(kSignals[i], &action, &before_[i]);
    if (before_[i].sa_handler == SIG_IGN) sigaction(kSignals[i], &before_[i], nullptr);
  }
}

InterruptGuard::~InterruptGuard() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &before_[i], nullptr);
}

}  // namespace raddle::cli
