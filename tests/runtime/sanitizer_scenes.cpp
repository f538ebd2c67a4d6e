// SPDX-License-Identifier: Apache-2.0
// What the sanitizers must see in tasks: built with AddressSanitizer or ThreadSanitizer, run with
// the name of a scene.
#include <cstdio>
#include <cstring>
#include <memory>

#include "raddle/raddle.h"

namespace {

using namespace raddle;

// Two tasks on one worker, which never run at the same time.
void race() {
  int counter = 0;
  WaitGroup done;
  done.go([&] { ++counter; });
  done.go([&] { ++counter; });
  done.wait();
  std::printf("%d\n", counter);
}

void use_after_free() {
  auto* value = new int(1);
  spawn([value] {
    delete value;
    yield();
    std::printf("%d\n", *value);
  }).join();
}

}  // namespace

int main(int argc, char** argv) {
  max_procs(1);
  const char* scene = argc > 1 ? argv[1] : "";
  if (std::strcmp(scene, "race") == 0) race();
  if (std::strcmp(scene, "use_after_free") == 0) use_after_free();
}
