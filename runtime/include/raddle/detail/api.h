// SPDX-License-Identifier: Apache-2.0
// Marks what libraddle.so exports.
#pragma once

#define RADDLE_API __attribute__((visibility("default")))
