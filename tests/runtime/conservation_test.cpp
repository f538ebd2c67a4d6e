// SPDX-License-Identifier: Apache-2.0
// No value is lost, doubled or reordered: senders x receivers x capacity x select x close, on 1, 2
// and 8 workers, with yields at random places. RADDLE_CONSERVATION_SECONDS is how long each kind
// runs, RADDLE_CONSERVATION_SEED where it begins.
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "tests/runtime/runtime_test.h"

namespace raddle {
namespace {

struct Shape {
  int workers;
  int senders;
  int receivers;
  std::size_t capacity;
  int channels;
  bool with_select;    // both sides take any of the channels
  bool with_timeouts;  // and some selects give up
  bool with_threads;   // half of the parties are threads
  int values;          // each sender's
};

void maybe_yield(std::minstd_rand& random) {
  if (random() % 4 == 0) yield();
}

class Exchange {
 public:
  Exchange(const Shape& shape, unsigned seed) : shape_(shape), seed_(seed) {
    for (int i = 0; i < shape.channels; ++i) channels_.push_back(make_chan<int>(shape.capacity));
    received_.resize(static_cast<std::size_t>(shape.receivers));
  }

  void run() {
    std::vector<std::thread> threads;
    const auto start = [&](bool as_thread, auto party, WaitGroup& group) {
      group.add(1);
      const auto whole = [party, &group] {
        party();
        group.done();
      };
      if (as_thread) {
        threads.emplace_back(whole);
      } else {
        go(whole);
      }
    };
    WaitGroup senders;
    WaitGroup receivers;
    for (int i = 0; i < shape_.receivers; ++i) {
      start(shape_.with_threads && i % 2 == 0, [this, i] { receive(i); }, receivers);
    }
    for (int i = 0; i < shape_.senders; ++i) {
      start(shape_.with_threads && i % 2 == 1, [this, i] { send(i); }, senders);
    }
    senders.wait();
    for (auto& channel : channels_) channel.close();
    receivers.wait();
    for (auto& thread : threads) thread.join();
  }

  void check() const {
    std::vector<int> all;
    for (const auto& some : received_) {
      all.insert(all.end(), some.begin(), some.end());
      if (!shape_.with_select && shape_.channels == 1) check_order(some);
    }
    ASSERT_EQ(all.size(), static_cast<std::size_t>(shape_.senders * shape_.values));
    std::sort(all.begin(), all.end());
    for (std::size_t i = 0; i < all.size(); ++i) ASSERT_EQ(all[i], static_cast<int>(i));
  }

 private:
  // What one receiver got of one sender is in the order in which it was sent.
  void check_order(const std::vector<int>& values) const {
    std::vector<int> last(static_cast<std::size_t>(shape_.senders), -1);
    for (const int value : values) {
      int& before = last[static_cast<std::size_t>(value / shape_.values)];
      ASSERT_LT(before, value);
      before = value;
    }
  }

  std::size_t pick(std::minstd_rand& random) const { return random() % channels_.size(); }

  void send(int sender) {
    std::minstd_rand random(seed_ * 100 + static_cast<unsigned>(sender));
    for (int i = 0; i < shape_.values; ++i) {
      const int value = sender * shape_.values + i;
      maybe_yield(random);
      if (!shape_.with_select) {
        channels_[pick(random)].send(value);
        continue;
      }
      while (!send_by_select(value, random)) {
      }
    }
  }

  bool send_by_select(int value, std::minstd_rand& random) {
    bool has_sent = false;
    const auto sent = [&] { has_sent = true; };
    Chan<int>& a = channels_[pick(random)];
    Chan<int>& b = channels_[pick(random)];
    if (shape_.with_timeouts && random() % 8 == 0) {
      select(on_send(a, value, sent), on_send(b, value, sent),
             on_timeout(std::chrono::microseconds(random() % 50)));
    } else if (shape_.with_timeouts && random() % 8 == 0) {
      select(on_send(a, value, sent), otherwise([] { yield(); }));
    } else {
      select(on_send(a, value, sent), on_send(b, value, sent));
    }
    return has_sent;
  }

  void receive(int receiver) {
    std::minstd_rand random(seed_ * 100 + 50 + static_cast<unsigned>(receiver));
    auto& values = received_[static_cast<std::size_t>(receiver)];
    if (!shape_.with_select && channels_.size() == 1) {
      for (int value : channels_[0]) {
        values.push_back(value);
        maybe_yield(random);
      }
      return;
    }
    std::vector<Chan<int>> open = channels_;
    while (!open.empty()) {
      maybe_yield(random);
      receive_by_select(open, values, random);
    }
  }

  void receive_by_select(std::vector<Chan<int>>& open, std::vector<int>& values,
                         std::minstd_rand& random) {
    std::vector<Case> cases;
    std::size_t closed = open.size();
    for (std::size_t i = 0; i < open.size(); ++i) {
      cases.emplace_back(on_recv(open[i], [&values, &closed, i](std::optional<int> value) {
        if (value) {
          values.push_back(*value);
        } else {
          closed = i;
        }
      }));
    }
    if (shape_.with_timeouts && random() % 4 == 0) {
      cases.emplace_back(on_timeout(std::chrono::microseconds(random() % 50)));
    }
    select(cases);
    if (closed < open.size()) open.erase(open.begin() + static_cast<std::ptrdiff_t>(closed));
  }

  Shape shape_;
  unsigned seed_;
  std::vector<Chan<int>> channels_;
  std::vector<std::vector<int>> received_;
};

// How the parties come together; each includes the one before it.
enum class Kind { kPlain, kSelect, kTimeouts, kThreads };

std::vector<Shape> shapes_of(Kind kind) {
  std::vector<Shape> shapes;
  for (const int workers : {1, 2, 8}) {
    for (const auto& [senders, receivers] : {std::pair{1, 1}, {1, 4}, {4, 1}, {5, 4}}) {
      for (const std::size_t capacity : {0u, 1u, 7u}) {
        for (const int channels : {1, 3}) {
          shapes.push_back({workers, senders, receivers, capacity, channels, kind >= Kind::kSelect,
                            kind >= Kind::kTimeouts, kind == Kind::kThreads, 200});
        }
      }
    }
  }
  return shapes;
}

int number_from_environment(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::atoi(text) : otherwise;
}

class ConservationTest : public RuntimeTest {
 protected:
  ~ConservationTest() override { max_procs(workers_); }

 private:
  int workers_ = max_procs();
};

class KindsTest : public ConservationTest, public testing::WithParamInterface<Kind> {};

TEST_P(KindsTest, every_value_sent_is_received_exactly_once) {
  const std::chrono::seconds time(number_from_environment("RADDLE_CONSERVATION_SECONDS", 1));
  const auto end = std::chrono::steady_clock::now() + time;
  auto seed = static_cast<unsigned>(number_from_environment("RADDLE_CONSERVATION_SEED", 1));
  do {
    for (const Shape& shape : shapes_of(GetParam())) {
      SCOPED_TRACE(testing::Message()
                   << shape.workers << " workers, " << shape.senders << " senders, "
                   << shape.receivers << " receivers, capacity " << shape.capacity << ", "
                   << shape.channels << " channels, seed " << seed);
      max_procs(shape.workers);
      Exchange exchange(shape, seed++);
      exchange.run();
      exchange.check();
      if (HasFatalFailure()) break;
    }
  } while (!HasFailure() && std::chrono::steady_clock::now() < end);
  RecordProperty("rounds", static_cast<int>(seed));
}

std::string name_of_kind(const testing::TestParamInfo<Kind>& kind) {
  constexpr const char* kNames[] = {"Plain", "Select", "Timeouts", "Threads"};
  return kNames[static_cast<int>(kind.param)];
}
INSTANTIATE_TEST_SUITE_P(As, KindsTest,
                         testing::Values(Kind::kPlain, Kind::kSelect, Kind::kTimeouts,
                                         Kind::kThreads),
                         name_of_kind);

// close() races with sends: each either arrives or throws.
TEST_F(ConservationTest, a_send_that_races_with_close_arrives_or_throws) {
  max_procs(4);
  for (int round = 0; round < 300; ++round) {
    auto c = make_chan<int>(static_cast<std::size_t>(round % 3));
    std::atomic<int> sent{0};
    std::atomic<int> received{0};
    WaitGroup done;
    for (int i = 0; i < 4; ++i) {
      done.go([&] {
        try {
          for (int k = 0; k < 50; ++k) {
            if (k % 2 == 0) {
              c.send(k);
            } else {
              select(on_send(c, k));
            }
            ++sent;
          }
        } catch (const ClosedChannel&) {
        }
      });
    }
    done.go([&] {
      while (c.recv()) ++received;
    });
    done.go([&] {
      for (int k = 0; k < round % 40; ++k) yield();
      c.close();
    });
    done.wait();
    ASSERT_EQ(sent, received) << "round " << round;
  }
}

}  // namespace
}  // namespace raddle
