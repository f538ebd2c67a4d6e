// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "analyzer/analyze.h"
#include "analyzer/checker.h"
#include "analyzer/load/late_beginning.h"
#include "trace/cursor.h"
#include "trace/merge.h"
#include "trace/reader.h"
#include "trace/run_server.h"

namespace raddle {
namespace {

using trace::Reader;

// Of a trace with several streams.
class Feeding final : public trace::Visitor {
 public:
  explicit Feeding(Checker& checker) : checker_(checker) {}
  void event(const trace::Event& event) override { checker_.event(event); }
  void accesses(TaskId task, std::span<const trace::Access> batch) override {
    checker_.accesses(task, batch);
  }

 private:
  Checker& checker_;
};

}  // namespace

struct RepeatedCheck::Kept {
  // Who asks for several runs at a time has a file for each.
  static constexpr std::size_t kMostReaders = trace::RunBoard::kPlaces;
  std::vector<std::unique_ptr<Reader>> readers;  // the latest last
  std::unique_ptr<Checker> checker;              // that has found nothing
  std::optional<trace::Cursor> cursor;
  trace::Batch batch;

  Result<const Reader*> read(const std::shared_ptr<const trace::MappedFile>& file);
  Checker& begin(bool predicts);
  void feed(const Reader& reader, Checker& to);
};

Result<const Reader*> RepeatedCheck::Kept::read(
    const std::shared_ptr<const trace::MappedFile>& file) {
  const auto known = std::ranges::find_if(
      readers, [&](const std::unique_ptr<Reader>& reader) { return reader->file() == file; });
  if (known != readers.end()) {
    (*known)->read_again();
    return known->get();
  }
  Result<Reader> opened = Reader::of(file, Reader::Definitions::kNone);
  if (!opened.ok()) return Error{opened.error()};
  if (readers.size() == kMostReaders) readers.erase(readers.begin());
  readers.push_back(std::make_unique<Reader>(std::move(opened.value())));
  return readers.back().get();
}

// What predicts is for few runs, and looks back on all of one.
Checker& RepeatedCheck::Kept::begin(bool predicts) {
  if (checker && !predicts) {
    checker->begin_again();
  } else {
    const detect::Scope scope = predicts ? detect::Scope::kPredicted : detect::Scope::kHappened;
    checker = std::make_unique<Checker>(Model::kNone, detect::Shares(), scope);
  }
  return *checker;
}

void RepeatedCheck::Kept::feed(const Reader& reader, Checker& to) {
  to.expect(reader.kinds());
  const load::LateBeginning beginning = load::late_beginning(reader);
  if (beginning.events != 0) to.begin_late(beginning.events, beginning.held);
  if (reader.streams().size() != 1 || reader.cut() != nullptr) {
    Feeding feeding(to);
    trace::merge(reader, feeding);
    return;
  }
  if (cursor) {
    cursor->begin_again(reader, reader.streams().front());
  } else {
    cursor.emplace(reader, reader.streams().front());
  }
  cursor->visit_all(to, batch);
}

RepeatedCheck::RepeatedCheck() : kept_(std::make_unique<Kept>()) {}
RepeatedCheck::~RepeatedCheck() = default;
RepeatedCheck::RepeatedCheck(RepeatedCheck&&) noexcept = default;

Result<bool> RepeatedCheck::finds_nothing(const std::shared_ptr<const trace::MappedFile>& file,
                                          bool predicts) {
  const Result<const Reader*> reader = kept_->read(file);
  if (!reader.ok()) return Error{reader.error()};
  Checker& checker = kept_->begin(predicts);
  kept_->feed(*reader.value(), checker);
  const bool finds_nothing = !checker.finish();
  if (!finds_nothing || predicts) kept_->checker.reset();
  return finds_nothing;
}

}  // namespace raddle
