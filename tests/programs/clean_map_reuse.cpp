// SPDX-License-Identifier: Apache-2.0
// EXPECT: nothing
// An address that one thread gave back and another got anew, from mmap, mremap and a big malloc: no
// order between the two is needed.
#include <sys/mman.h>

#include <atomic>
#include <cstdlib>
#include <thread>

constexpr std::size_t kBytes = std::size_t{1} << 20;
std::atomic<int> stage = 0;
std::atomic<void*> place = nullptr;  // relaxed throughout: nothing is handed over

char* map_at(void* at) {
  return static_cast<char*>(mmap(at, kBytes, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS | (at != nullptr ? MAP_FIXED : 0), -1,
                                 0));
}

void use(char* memory) {
  for (std::size_t i = 0; i < kBytes; i += 4096) memory[i] = 1;
}

void wait_for(int value) {
  while (stage.load(std::memory_order_relaxed) < value) std::this_thread::yield();
}

int main() {
  std::thread first([] {
    char* memory = map_at(nullptr);
    use(memory);
    munmap(memory, kBytes);
    place.store(memory, std::memory_order_relaxed);
    stage.store(1, std::memory_order_relaxed);
    wait_for(2);
    auto* block = static_cast<char*>(std::malloc(kBytes));  // the C library maps it
    use(block);
    std::free(block);
    place.store(block, std::memory_order_relaxed);
    stage.store(3, std::memory_order_relaxed);
    wait_for(4);
  });
  wait_for(1);
  char* memory = map_at(place.load(std::memory_order_relaxed));
  use(memory);
  auto* moved = static_cast<char*>(mremap(memory, kBytes, 4 * kBytes, MREMAP_MAYMOVE));
  use(moved);
  munmap(moved, 4 * kBytes);
  stage.store(2, std::memory_order_relaxed);
  wait_for(3);
  auto at = reinterpret_cast<std::uintptr_t>(place.load(std::memory_order_relaxed)) &
            ~std::uintptr_t{4095};
  use(map_at(reinterpret_cast<void*>(at)));
  stage.store(4, std::memory_order_relaxed);
  first.join();
}
