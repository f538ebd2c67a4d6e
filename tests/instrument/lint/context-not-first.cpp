// SPDX-License-Identifier: Apache-2.0
#include <raddle/raddle.h>

void bad(int port, raddle::Context context) {}  // bad

void first(raddle::Context context, int port) {}

void a_second_one(raddle::Context context, raddle::Context parent) {}

auto a_callback = [](int value, raddle::Context context) {};

void declared(int port, const raddle::Context& context);  // bad

void declared(int port, const raddle::Context& context) {}

template <typename T>
void of_any(T value, raddle::Context context) {}  // bad

template void of_any(int value, raddle::Context context);

class Handler {
 public:
  Handler(int port, raddle::Context context);                 // bad
  virtual void serve(int port, raddle::Context context) = 0;  // bad
  template <typename T>
  void send(raddle::Context context, T value);
};

class Echo : public Handler {
  void serve(int port, raddle::Context context) override {}
};

bool operator==(int value, const raddle::Context& context);
