// SPDX-License-Identifier: Apache-2.0
// What libraddle.so exports; everything else in it is hidden.
#pragma once

#define RADDLE_VISIBLE __attribute__((visibility("default")))
