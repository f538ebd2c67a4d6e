// SPDX-License-Identifier: Apache-2.0
// Matrix product, rows dealt out to threads: strided loops and no synchronisation. matrix [SIZE]
// [THREADS]
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

int main(int argc, char** argv) {
  const std::size_t size = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 500;
  const std::size_t threads = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 2;
  std::vector<double> left(size * size), right(size * size), product(size * size);
  for (std::size_t i = 0; i < left.size(); ++i) {
    left[i] = static_cast<double>(i % 7);
    right[i] = static_cast<double>(i % 5);
  }
  const auto work = [&](std::size_t first) {
    for (std::size_t row = first; row < size; row += threads) {
      for (std::size_t k = 0; k < size; ++k) {
        const double factor = left[row * size + k];
        for (std::size_t column = 0; column < size; ++column) {
          product[row * size + column] += factor * right[k * size + column];
        }
      }
    }
  };
  std::vector<std::thread> team;
  for (std::size_t i = 0; i < threads; ++i) team.emplace_back(work, i);
  for (std::thread& thread : team) thread.join();
  double sum = 0;
  for (double value : product) sum += value;
  std::printf("%.0f\n", sum);
}
