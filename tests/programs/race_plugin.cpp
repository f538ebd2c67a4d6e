// EXPECT: data-race
// A library that is loaded, raced in, unloaded and loaded again: its places are known to the end.
// Built twice, once as the library.
#ifdef RADDLE_TEST_PLUGIN

static long counter = 0;

extern "C" void count_up() {
  ++counter;  // <- data-race
}

#else

#include <dlfcn.h>

#include <cstdlib>
#include <thread>

namespace {

using CountUp = void (*)();

void race_in(void* library) {
  if (library == nullptr) std::abort();
  const auto count_up = reinterpret_cast<CountUp>(dlsym(library, "count_up"));
  std::thread other(count_up);
  count_up();
  other.join();
}

}  // namespace

int main() {
  for (int i = 0; i < 3; ++i) {
    void* library = dlopen(RADDLE_TEST_PLUGIN_PATH, RTLD_NOW);
    race_in(library);
    dlclose(library);
  }
}

#endif
