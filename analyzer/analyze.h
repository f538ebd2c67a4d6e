// SPDX-License-Identifier: Apache-2.0
// The one door of the analyzer: a trace's path in, an Analysis out.
#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/model/finding.h"
#include "analyzer/model/stretch.h"
#include "trace/mapped_file.h"
#include "trace/result.h"

namespace raddle {

// What can be shown of a large trace that was checked before, while it is read again.
struct Early {
  Analysis analysis;          // its timeline is that near the first finding
  std::vector<Stretch> read;  // by task: what of its life is there
};

struct AnalyzeOptions {
  bool with_timeline =
      false;  // fill Task::spans and moments, Object::holdings and fills (the viewer needs them)
  // Called now and then, from a thread of its own if the run is long, with_timeline only: with how
  // much of the run's time was read, and the run up to there. Its tasks have no names yet, and
  // those that go on no end. May be empty.
  std::function<void(double, const Run&)> preview;
  // Called before the events are read, if keep() has kept something of the trace. May be empty.
  std::function<void(Early)> early;
  bool predicts = false;  // also races that other orders of the same locks would show
  unsigned threads = 1;   // more share the check of memory; the findings are the same
  std::function<void(double)> progress;  // called now and then with a share in 0..1; may be empty
};

// Reads and checks the trace at `path`. Fails, with a message for the user, if it is not a readable
// trace; damage inside one is reported in Run::damage and the rest is checked. Thread-safe.
Result<Analysis> analyze(const std::filesystem::path& path, const AnalyzeOptions& options = {});
// The same of a file that is open already.
Result<Analysis> analyze(const std::shared_ptr<const trace::MappedFile>& file,
                         const AnalyzeOptions& options = {});

class Checker;

// Whether there is anything to tell of one short run after the other: much faster than to find out
// what. What the check of one has needed is kept for the next. For one thread at a time.
class RepeatedCheck {
 public:
  RepeatedCheck();
  ~RepeatedCheck();
  RepeatedCheck(RepeatedCheck&&) noexcept;

  // False: ask analyze(), which may find that it is void. Without `predicts`, what the run only
  // hints at is left out, too. The same file may be given again when a run of the same process has
  // written it anew; it is kept for a while.
  Result<bool> finds_nothing(const std::shared_ptr<const trace::MappedFile>& file,
                             bool predicts = false);

 private:
  struct Kept;
  std::unique_ptr<Kept> kept_;
};

// Checks one share of memory, `share` of `share_count` from 0, and writes what it finds to the file
// `part`. For checks spread over machines: merge_parts() puts all together.
Result<bool> check_share(const std::filesystem::path& path, unsigned share, unsigned share_count,
                         const std::filesystem::path& part);
// As analyze(), with the races of the parts instead of a check of memory: the same to the byte. The
// order of the parts does not matter, nor whether one is there twice. Fails if one is missing, or
// of another trace.
Result<Analysis> merge_parts(const std::filesystem::path& path,
                             const std::vector<std::filesystem::path>& parts,
                             const AnalyzeOptions& options = {});

// Keeps what was found in the trace at `path` beside it, as PATH.checked, for
// AnalyzeOptions::early, if the trace is so large that checking it takes long. Only the same build
// of raddle reads it, and only as long as the trace has not changed. Failing is silent: nothing
// depends on it. `analysis` is after the call as it was before.
void keep(const std::filesystem::path& path, Analysis& analysis);

// Whether the file at `path` begins as a trace does. False if it cannot be read.
bool is_trace(const std::filesystem::path& path);

// Of which process a trace is.
struct TracedProcess {
  std::uint64_t id = 0;
  std::string command;              // its arguments, joined by blanks
  std::uint64_t start_unix_ns = 0;  // wall clock
  bool has_ended = false;           // and said so
  bool is_fork = false;             // the child of a fork, not a program from its beginning
};
// Nothing if the file at `path` is no trace.
std::optional<TracedProcess> traced_process(const std::filesystem::path& path);

// Writes every event of the trace as one line of text, in merged order (`raddle dump`).
Result<std::uint64_t> dump(const std::filesystem::path& path, std::ostream& out);

}  // namespace raddle
