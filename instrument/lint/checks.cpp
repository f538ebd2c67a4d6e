// SPDX-License-Identifier: Apache-2.0
// THE LIST of checks.
#include "instrument/lint/checks.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace raddle::lint {

std::span<const Check> all_checks() {
  static constexpr auto kChecks = std::to_array<Check>({
      {"add-in-task", find_add_in_task},
      {"busy-select", find_busy_select},
      {"close-by-receiver", find_close_by_receiver},
      {"context-not-first", find_context_not_first},
      {"copied-lock", find_copied_lock},
      {"double-checked-locking", find_double_checked},
      {"kept-lock", find_kept_lock},
      {"leaking-send", find_leaking_send},
      {"lock-across-channel", find_lock_across_channel},
      {"lost-cancel", find_lost_cancel},
      {"missing-done", find_missing_done},
      {"outlived-capture", find_outlived_capture},
      {"relaxed-flag", find_relaxed_flag},
      {"sleep-as-wait", find_sleep_as_wait},
      {"split-update", find_split_update},
      {"stored-context", find_stored_context},
      {"unguarded-lock", find_unguarded_lock},
      {"wait-without-predicate", find_wait_without_predicate},
  });
  return kChecks;
}

Warnings run_checks(const Code& code) {
  Warnings all;
  for (const Check& check : all_checks()) {
    const std::size_t before = all.size();
    check.find(code, all);
    for (std::size_t i = before; i < all.size(); ++i) all[i].check = check.name;
  }
  const auto key = [](const Warning& warning) { return std::tie(warning.place, warning.check); };
  std::ranges::stable_sort(all, {}, key);
  // Each instance of a template says the same.
  const auto again = std::ranges::unique(all, {}, key);
  all.erase(again.begin(), again.end());
  return all;
}

}  // namespace raddle::lint
