// SPDX-License-Identifier: Apache-2.0
// What tasks and threads wait for each other with, besides channels.
#pragma once

#include "raddle/cond.h"
#include "raddle/mutex.h"
#include "raddle/once.h"
#include "raddle/rw_mutex.h"
#include "raddle/semaphore.h"
#include "raddle/task_group.h"
#include "raddle/wait_group.h"
