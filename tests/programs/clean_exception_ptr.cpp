// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// Whoever lets the last reference to an exception go destroys it, behind all that the others did
// with it: its own destructor, the C++ library's, and none at all.
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

struct Trouble {
  explicit Trouble(int code) : code(code) {}
  ~Trouble() { code = -1; }
  Trouble(const Trouble&) = default;
  int code;
  std::string text = "a text that is long enough to be on the heap";
};

template <typename E>
std::exception_ptr caught(E thrown) {
  try {
    throw thrown;
  } catch (...) {
    return std::current_exception();
  }
}

std::size_t use(const std::exception_ptr& pointer) {
  try {
    std::rethrow_exception(pointer);
  } catch (const Trouble& trouble) {
    return trouble.text.size() + trouble.code;
  } catch (const std::exception& error) {
    return error.what()[0];
  } catch (int number) {
    return number;
  }
}

int main() {
  for (int round = 0; round < 10; ++round) {
    std::exception_ptr kinds[] = {caught(Trouble(round)), caught(std::runtime_error("gone")),
                                  caught(round), std::make_exception_ptr(Trouble(round))};
    for (std::exception_ptr& pointer : kinds) {
      std::vector<std::thread> threads;
      for (int t = 0; t < 3; ++t) {
        threads.emplace_back([mine = pointer]() mutable {
          use(mine);
          mine = nullptr;
        });
      }
      pointer = nullptr;
      for (std::thread& thread : threads) thread.join();
    }
  }
}
