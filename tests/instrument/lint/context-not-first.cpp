// SPDX-License-Identifier: Apache-2.0
#include <raddle/raddle.h>

void bad(int port, raddle::Context context) {}  // bad

void first(raddle::Context context, int port) {}

void a_second_one(raddle::Context context, raddle::Context parent) {}

auto a_callback = [](int value, raddle::Context context) {};
