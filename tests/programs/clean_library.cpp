// Functions of libraries that are not instrumented: threads that only look, that have different
// bytes of one buffer, and that change what they share under a mutex; a comparison that ends before
// the byte that is changed; a buffer that is filled behind what a pipe orders.
// EXPECT: nothing
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>

std::map<std::string, int> tree{{"one", 1}, {"two", 5}, {"three", 9}};
std::set<int> numbers;
std::list<int> line{1, 2};
std::mutex mutex;
char halves[80];
char word[] = "abcdef";
char handed[16];
thread_local volatile std::size_t sink;

template <typename One, typename Other>
void both(One one, Other other) {
  std::thread first(one);
  std::thread second(other);
  first.join();
  second.join();
}

void look() {
  for (const auto& [name, value] : tree) sink = name.size() + static_cast<std::size_t>(value);
  sink = tree.count("two") + tree.size();
  for (auto it = tree.rbegin(); it != tree.rend(); ++it) sink = it->first.size();
  for (const int number : line) sink = static_cast<std::size_t>(number);
}

void change() {
  for (int i = 0; i < 40; ++i) {
    const std::lock_guard lock(mutex);
    numbers.insert(i);
    if (i % 3 == 0) numbers.erase(numbers.begin());
    line.push_back(i);
    line.splice(line.begin(), line, --line.end());
    line.pop_back();
  }
}

int main() {
  both(look, look);
  both(change, change);
  both([] { std::snprintf(halves, 40, "%s", "a line of its own"); },
       [] { std::memcpy(halves + 40, word, std::strlen(word) + 1); });
  both([] { word[4] = 'x'; },
       [] { sink = std::strcmp(word, "abd") == 0 || std::strncmp(word, "abcdx", 4) == 0; });
  int ends[2];
  if (pipe(ends) != 0) return 1;
  both(
      [&] {
        std::strcpy(handed, "here");
        sink = static_cast<std::size_t>(write(ends[1], "x", 1));
      },
      [&] {
        char byte;
        if (read(ends[0], &byte, 1) == 1) std::puts(handed);
      });
}
