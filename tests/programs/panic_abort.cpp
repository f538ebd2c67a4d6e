// SPDX-License-Identifier: Apache-2.0
// EXPECT: panic
#include <cstdlib>

int main() {
  std::abort();  // <- panic
}
