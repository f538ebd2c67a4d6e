// SPDX-License-Identifier: Apache-2.0
#include <raddle/raddle.h>

struct Server {
  raddle::Context context;  // bad
};

struct Client {
  raddle::CancelFunc cancel;
};

void a_lambda_keeps_it(raddle::Context context) {
  raddle::go([context] { context.done().recv(); });
}
