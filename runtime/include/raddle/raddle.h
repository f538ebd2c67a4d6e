// SPDX-License-Identifier: Apache-2.0
// All of the task runtime.
#pragma once

#include "raddle/after_func.h"
#include "raddle/chan.h"
#include "raddle/channel.h"
#include "raddle/context.h"
#include "raddle/errors.h"
#include "raddle/explore.h"
#include "raddle/go.h"
#include "raddle/leaks.h"
#include "raddle/select.h"
#include "raddle/sync.h"
#include "raddle/task.h"
#include "raddle/time.h"
