// SPDX-License-Identifier: Apache-2.0
// The checks, and the list of them.
#pragma once

#include <span>

#include "instrument/lint/check.h"

namespace raddle::lint {

void find_add_in_task(const Code& code, Warnings& warnings);
void find_missing_done(const Code& code, Warnings& warnings);
void find_outlived_capture(const Code& code, Warnings& warnings);
void find_lost_cancel(const Code& code, Warnings& warnings);
void find_context_not_first(const Code& code, Warnings& warnings);
void find_stored_context(const Code& code, Warnings& warnings);
void find_sleep_as_wait(const Code& code, Warnings& warnings);
void find_leaking_send(const Code& code, Warnings& warnings);
void find_close_by_receiver(const Code& code, Warnings& warnings);
void find_kept_lock(const Code& code, Warnings& warnings);
void find_unguarded_lock(const Code& code, Warnings& warnings);
void find_lock_across_channel(const Code& code, Warnings& warnings);
void find_busy_select(const Code& code, Warnings& warnings);
void find_wait_without_predicate(const Code& code, Warnings& warnings);
void find_double_checked(const Code& code, Warnings& warnings);
void find_relaxed_flag(const Code& code, Warnings& warnings);
void find_split_update(const Code& code, Warnings& warnings);
void find_copied_lock(const Code& code, Warnings& warnings);

std::span<const Check> all_checks();

// What all checks say of a translation unit, in the order of its text, nothing twice.
Warnings run_checks(const Code& code);

}  // namespace raddle::lint
