// SPDX-License-Identifier: Apache-2.0
// Merge sort whose halves are sorted by threads: large arrays, few synchronisations. merge_sort
// [RECORDS] [DEPTH]
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

struct Record {
  std::uint64_t key;
  std::uint32_t left, right;
  bool operator<(const Record& other) const { return key < other.key; }
};

void sort(Record* begin, Record* end, Record* spare, int depth) {
  if (depth == 0) {
    std::sort(begin, end);
    return;
  }
  Record* middle = begin + (end - begin) / 2;
  std::thread helper(sort, begin, middle, spare, depth - 1);
  sort(middle, end, spare + (middle - begin), depth - 1);
  helper.join();
  std::merge(begin, middle, middle, end, spare);
  std::copy(spare, spare + (end - begin), begin);
}

int main(int argc, char** argv) {
  const std::size_t size = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1000000;
  const int depth = argc > 2 ? std::atoi(argv[2]) : 1;
  std::vector<Record> records(size), spare(size);
  std::uint64_t state = 88172645463325252u;
  for (Record& record : records) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    record = {state, static_cast<std::uint32_t>(state), 0};
  }
  sort(records.data(), records.data() + size, spare.data(), depth);
  std::printf("%s\n", std::is_sorted(records.begin(), records.end()) ? "sorted" : "NOT sorted");
}
