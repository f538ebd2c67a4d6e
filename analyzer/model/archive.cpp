// SPDX-License-Identifier: Apache-2.0
// Packer and Unpacker walk the same lists of fields (archive_fields.h). Numbers are LEB128, signed
// ones zigzag; times are told from the time before; a string that came before is told by its
// number.
#include "analyzer/model/archive.h"

#include <algorithm>
#include <concepts>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include "analyzer/model/archive_fields.h"

namespace raddle {

namespace {

constexpr std::string_view kMagic = "raddle page 1\n";

constexpr std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
constexpr std::int64_t from_zigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

// A list that gives copies of its elements, so that they cannot be filled in place.
template <typename T>
concept CopyList = requires(const T& list) { typename T::value_type; } &&
                   (std::same_as<T, HoldingList> || requires { typename T::What; });

template <typename T>
concept List = CopyList<T> || std::same_as<T, std::vector<typename T::value_type>>;

class Packer {
 public:
  template <typename... T>
  void operator()(const T&... fields) {
    (put(fields), ...);
  }
  // Wraps around rather than overflows; so does the way back.
  void time(std::int64_t time_ns) {
    number(zigzag(static_cast<std::int64_t>(static_cast<std::uint64_t>(time_ns) -
                                            static_cast<std::uint64_t>(before_ns_))));
    before_ns_ = time_ns;
  }
  std::string bytes;

 private:
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
    bytes += static_cast<char>(value);
  }
  template <typename T>
  void put(const T& value) {
    if constexpr (std::is_enum_v<T> || std::unsigned_integral<T>) {
      number(static_cast<std::uint64_t>(value));
    } else if constexpr (std::signed_integral<T>) {
      number(zigzag(value));
    } else {
      archive::describe(*this, value);
    }
  }
  void put(const std::string& text) {
    const auto [known, is_new] = strings_.try_emplace(text, strings_.size() + 1);
    number(is_new ? 0 : known->second);
    if (!is_new) return;
    number(text.size());
    bytes += text;
  }
  template <List L>
  void put(const L& list) {
    number(list.size());
    for (const auto& element : list) put(element);
  }

  std::int64_t before_ns_ = 0;
  std::unordered_map<std::string, std::uint64_t> strings_;
};

// After the first thing that cannot be, everything is zero and empty.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}

  template <typename... T>
  void operator()(T&... fields) {
    (get(fields), ...);
  }
  void time(std::int64_t& time_ns) {
    before_ns_ = static_cast<std::int64_t>(static_cast<std::uint64_t>(before_ns_) +
                                           static_cast<std::uint64_t>(from_zigzag(number())));
    time_ns = before_ns_;
  }
  bool is_at_end() const { return is_good_ && rest_.empty(); }

 private:
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
    fail();
    return 0;
  }
  void fail() {
    is_good_ = false;
    rest_ = {};
  }
  template <typename T>
  void get(T& value) {
    if constexpr (std::is_enum_v<T> || std::unsigned_integral<T>) {
      value = static_cast<T>(number());
    } else if constexpr (std::signed_integral<T>) {
      value = static_cast<T>(from_zigzag(number()));
    } else {
      archive::describe(*this, value);
    }
  }
  void get(std::string& text) {
    const std::uint64_t known = number();
    if (known != 0) {
      if (known > strings_.size()) return fail();
      text = strings_[known - 1];
      return;
    }
    const std::uint64_t size = number();
    if (size > rest_.size()) return fail();
    text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    strings_.push_back(text);
  }
  // Every element has a byte at least: a damaged size cannot ask for more memory than there are
  // bytes.
  template <typename T>
  void get(std::vector<T>& list) {
    const std::uint64_t size = number();
    if (size > rest_.size()) return fail();
    list.resize(size);
    for (T& element : list) get(element);
  }

  template <CopyList L>
  void get(L& list) {
    const std::uint64_t size = number();
    if (size > rest_.size()) return fail();
    for (std::uint64_t i = 0; i < size; ++i) {
      typename L::value_type element;
      get(element);
      list.push_back(element);
    }
  }

  std::string_view rest_;
  bool is_good_ = true;
  std::int64_t before_ns_ = 0;
  std::vector<std::string> strings_;
};

// Not every library has std::ranges::all_of yet.
template <typename List, typename IsTrue>
bool every(const List& list, IsTrue is_true) {
  return std::all_of(list.begin(), list.end(), is_true);
}

class Numbers {
 public:
  explicit Numbers(const Run& run) : run_(run) {}

  bool are_sound(const Task& task) const {
    if (!is_task(task.id) || !is_task(task.creator) || !is_stack(task.created_at)) return false;
    return every(task.spans, [&](const Span& span) { return is_sound(span); }) &&
           every(task.moments, [&](const Moment& moment) { return is_sound(moment); });
  }
  bool are_sound(const Object& object) const {
    return is_stack(object.created_at) && is_task(object.creator) &&
           every(object.holdings, [&](const Holding& holding) { return is_task(holding.task); });
  }
  bool are_sound(const Finding& finding) const {
    const auto is_party = [&](std::uint32_t i) { return i < finding.parties.size(); };
    return finding.kind <= kLastFindingKind && finding.certainty <= Certainty::kPredicted &&
           every(finding.parties, [&](const Party& party) { return is_sound(party); }) &&
           every(finding.edges, [&](const WaitEdge& edge) {
             return is_party(edge.from) && is_party(edge.to) && is_object(edge.on);
           });
  }

 private:
  bool is_task(TaskId id) const { return id == 0 || id < run_.tasks.size(); }
  bool is_object(ObjectId id) const { return id == 0 || id < run_.objects.size(); }
  bool is_stack(StackId id) const { return id == 0 || id < run_.stacks.size(); }
  bool is_sound(const Span& span) const {
    return span.state <= State::kIdle && is_object(span.object) && is_stack(span.stack);
  }
  bool is_sound(const Moment& moment) const {
    return trace::is_known(static_cast<std::uint8_t>(moment.kind)) && is_object(moment.object) &&
           is_task(moment.peer) && is_stack(moment.stack);
  }
  bool is_sound(const Party& party) const {
    return is_task(party.task) && is_object(party.object) && is_stack(party.stack) &&
           every(party.held, [&](const Held& held) {
             return is_object(held.object) && is_stack(held.since_stack);
           });
  }

  const Run& run_;
};

// Whether every number of a task, an object or a stack is one that there is.
bool is_sound(const Analysis& analysis) {
  const Numbers numbers(analysis.run);
  const auto are_sound = [&](const auto& x) { return numbers.are_sound(x); };
  return every(analysis.run.tasks, are_sound) && every(analysis.run.objects, are_sound) &&
         every(analysis.findings, are_sound);
}

}  // namespace

std::string pack(const Analysis& analysis) {
  Packer packer;
  packer.bytes = kMagic;
  packer(analysis);
  return std::move(packer.bytes);
}

Result<Analysis> unpack(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) return Error{"this is no run that was packed for a page"};
  Unpacker unpacker(bytes.substr(kMagic.size()));
  Analysis analysis;
  unpacker(analysis);
  if (!unpacker.is_at_end() || !is_sound(analysis)) return Error{"the page's run is damaged"};
  return analysis;
}

}  // namespace raddle
