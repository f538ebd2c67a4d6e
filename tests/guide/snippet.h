// SPDX-License-Identifier: Apache-2.0
// What every snippet of docs/guide begins with: docs/guide/README.md shows it.
#pragma once

#include <raddle/raddle.h>

#include <chrono>
#include <cstdio>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace raddle;                // NOLINT(google-build-using-namespace): as the guide says
using namespace std::chrono_literals;  // NOLINT
