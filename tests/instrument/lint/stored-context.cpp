// SPDX-License-Identifier: Apache-2.0
#include <raddle/raddle.h>

#include <functional>
#include <map>
#include <optional>

struct Server {
  raddle::Context context;  // bad
};

struct Session {
  std::optional<raddle::Context> context;  // bad
  std::map<int, raddle::Context> of_user;  // bad
  const raddle::Context* parent;           // bad
  std::function<void(raddle::Context)> handler;
};

struct Client {
  raddle::CancelFunc cancel;
};

void a_lambda_keeps_it(raddle::Context context) {
  raddle::go([context] { context.done().recv(); });
}
