// SPDX-License-Identifier: Apache-2.0
// EXPECT: data-race
// Letting a reference go orders only the end of the exception: two that hold one see the same
// object.
#include <exception>
#include <thread>

struct Trouble {
  int uses = 0;
};

void use(std::exception_ptr pointer) {
  try {
    std::rethrow_exception(pointer);
  } catch (Trouble& trouble) {
    ++trouble.uses;  // <- data-race
  }
}

int main() {
  auto pointer = std::make_exception_ptr(Trouble{});
  std::thread other(use, pointer);
  use(pointer);
  other.join();
}
