// SPDX-License-Identifier: Apache-2.0
#include "analyzer/analyze.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/check_stage.h"
#include "analyzer/checker.h"
#include "analyzer/early.h"
#include "analyzer/history.h"
#include "analyzer/load/code.h"
#include "analyzer/load/late_beginning.h"
#include "analyzer/load/names.h"
#include "analyzer/part.h"
#include "analyzer/telling.h"
#include "trace/merge.h"
#include "trace/reader.h"

namespace raddle {

namespace {

unsigned threads_of(const AnalyzeOptions& options) {
  constexpr unsigned kOfTimeline = 3;  // build one, at least
  return options.with_timeline ? std::max(options.threads, kOfTimeline) : options.threads;
}

// As the trace begins: not always where the run did.
void begin(Checker& checker, const trace::Reader& reader) {
  const load::LateBeginning beginning = load::late_beginning(reader);
  if (beginning.events != 0) checker.begin_late(beginning.events, beginning.held);
}

void tell(void* options, double share) {
  (*static_cast<const AnalyzeOptions**>(options))->progress(share);
}

// With `parts`, memory is not checked: their races are taken.
Analysis analyze_shares(const trace::Reader& reader, const detect::Shares& shares,
                        const std::vector<Part>* parts, const AnalyzeOptions& options) {
  Checker checker(options.with_timeline ? Model::kTimeline : Model::kTasks, shares,
                  options.predicts ? detect::Scope::kPredicted : detect::Scope::kUsual);
  checker.expect(reader.kinds());
  checker.read(reader);
  begin(checker, reader);
  load::Code code(reader);  // the checker's until the visitor has finished
  checker.builder().entries().end_with(
      [&code](const load::Entry& entry) { return load::names_task(entry, code); });
  // Races that are found elsewhere are told of any epoch.
  const bool forgets = !options.predicts && shares.only == detect::Shares::kAll;
  // Of two threads, one reads and orders events: to hand them over costs more than it saves.
  CheckStage visitor(checker, threads_of(options) > 2 ? shares.pipeline : nullptr, forgets);
  if (options.preview) {
    const auto whole_ns =
        static_cast<double>(std::max<std::uint64_t>(1, reader.header().elapsed1_ns));
    checker.builder().watch([&options, whole_ns](const Run& run) {
      options.preview(std::min(1.0, static_cast<double>(run.duration_ns) / whole_ns), run);
    });
  }
  const AnalyzeOptions* told = &options;
  const trace::MergeStats stats =
      trace::merge(reader, visitor, options.progress ? tell : nullptr, &told);
  visitor.finish();
  for (std::size_t i = 0; parts != nullptr && i < parts->size(); ++i) {
    checker.add_races((*parts)[i].races, (*parts)[i].places);
  }

  checker.finish();
  Analysis analysis = tell(reader, stats, code, checker);
  add_history(reader, code, analysis);
  if (options.progress) options.progress(1.0);
  return analysis;
}

// Among how many threads memory is shared. Where much of a trace are events, reading them and their
// order is enough work for one of two.
unsigned shares_for(const trace::Reader& reader, unsigned threads) {
  constexpr std::uint64_t kManyWords = 20;  // that are no event's, for each
  const bool has_many_events = reader.word_count() < kManyWords * reader.event_count();
  return threads == 2 && has_many_events ? 1 : threads;
}

Analysis analyze_all(const trace::Reader& reader, const std::filesystem::path& path,
                     const AnalyzeOptions& options) {
  if (options.early) {
    if (auto kept = recall(path)) options.early(early_of(reader, std::move(*kept)));
  }
  const unsigned threads = threads_of(options);
  if (threads == 1) return analyze_shares(reader, {}, nullptr, options);
  detect::Pipeline pipeline(threads - 1);
  const detect::Shares shares = {.count = shares_for(reader, threads), .pipeline = &pipeline};
  return analyze_shares(reader, shares, nullptr, options);
}

// Each share once.
Result<std::vector<Part>> read_parts(const std::vector<std::filesystem::path>& paths,
                                     std::uint64_t trace_id) {
  std::vector<Part> parts;
  std::vector<bool> is_there;
  for (const std::filesystem::path& path : paths) {
    Result<Part> read = read_part(path);
    if (!read.ok()) return Error{read.error()};
    const Part& part = read.value();
    if (part.trace_id != trace_id) return Error{path.string() + ": a part of another trace"};
    if (is_there.empty()) is_there.resize(part.share_count);
    if (part.share_count != is_there.size() || part.share >= part.share_count) {
      return Error{path.string() + ": a part of another split of the check"};
    }
    if (is_there[part.share]) continue;
    is_there[part.share] = true;
    parts.push_back(std::move(read.value()));
  }
  for (std::size_t i = 0; i < is_there.size(); ++i) {
    if (is_there[i]) continue;
    return Error{"the part of share " + std::to_string(i + 1) + " of " +
                 std::to_string(is_there.size()) + " is missing"};
  }
  if (parts.empty()) return Error{"no part is given; `raddle check --share` writes them"};
  return parts;
}

}  // namespace

Result<Analysis> analyze(const std::filesystem::path& path, const AnalyzeOptions& options) {
  const Result<trace::Reader> reader = trace::Reader::open(path, options.threads);
  return reader.ok() ? analyze_all(reader.value(), path, options)
                     : Result<Analysis>(Error{reader.error()});
}

Result<Analysis> analyze(const std::shared_ptr<const trace::MappedFile>& file,
                         const AnalyzeOptions& options) {
  const Result<trace::Reader> reader = trace::Reader::of(file);
  return reader.ok() ? analyze_all(reader.value(), file->path(), options)
                     : Result<Analysis>(Error{reader.error()});
}

Result<bool> check_share(const std::filesystem::path& path, unsigned share, unsigned share_count,
                         const std::filesystem::path& part) {
  Result<trace::Reader> opened = trace::Reader::open(path);
  if (!opened.ok()) return Error{opened.error()};
  const Result<std::uint64_t> id = trace_id_of(path);
  if (!id.ok()) return Error{id.error()};
  Checker checker(Model::kNone, {.count = share_count, .only = static_cast<int>(share)});
  checker.read(opened.value());
  begin(checker, opened.value());
  CheckStage visitor(checker, nullptr, false);
  trace::merge(opened.value(), visitor);
  return write_part({id.value(), share, share_count, checker.races(), checker.places()}, part);
}

Result<Analysis> merge_parts(const std::filesystem::path& path,
                             const std::vector<std::filesystem::path>& parts,
                             const AnalyzeOptions& options) {
  const Result<std::uint64_t> id = trace_id_of(path);
  if (!id.ok()) return Error{id.error()};
  const Result<std::vector<Part>> read = read_parts(parts, id.value());
  if (!read.ok()) return Error{read.error()};
  const Result<trace::Reader> opened = trace::Reader::open(path);
  if (!opened.ok()) return Error{opened.error()};
  return analyze_shares(opened.value(), {.only = detect::Shares::kNone}, &read.value(), options);
}

bool is_trace(const std::filesystem::path& path) { return traced_process(path).has_value(); }

std::optional<TracedProcess> traced_process(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  trace::FileHeader header{};
  in.read(reinterpret_cast<char*>(&header), sizeof header);
  if (std::memcmp(header.magic, trace::kMagic, sizeof header.magic) != 0) return {};
  const std::string command(header.command, strnlen(header.command, sizeof header.command));
  return TracedProcess{header.process_id, command, header.start_unix_ns, header.end_reason != 0,
                       header.is_fork != 0};
}

}  // namespace raddle
