// SPDX-License-Identifier: Apache-2.0
#include "analyzer/analyze.h"

#include <cstring>
#include <fstream>

#include "analyzer/checker.h"
#include "analyzer/load/code.h"
#include "analyzer/load/names.h"
#include "trace/merge.h"
#include "trace/reader.h"

namespace raddle {

namespace {

class CheckingVisitor final : public trace::Visitor {
 public:
  explicit CheckingVisitor(Checker& checker) : checker_(checker) {}
  void event(const trace::Event& event) override { checker_.event(event); }
  void accesses(TaskId task, std::span<const trace::Access> batch) override {
    checker_.accesses(task, batch);
  }

 private:
  Checker& checker_;
};

// Who is told how far the reading is.
struct Watch {
  const AnalyzeOptions& options;
  const Checker& checker;

  bool is_wanted() const { return options.progress || options.preview; }
  static void tell(void* watch, double share) {
    const auto& self = *static_cast<const Watch*>(watch);
    if (self.options.progress) self.options.progress(share);
    if (self.options.preview) self.options.preview(share, self.checker.builder().so_far());
  }
};

}  // namespace

Result<Analysis> analyze(const std::filesystem::path& path, const AnalyzeOptions& options) {
  Result<trace::Reader> opened = trace::Reader::open(path);
  if (!opened.ok()) return Error{opened.error()};
  const trace::Reader& reader = opened.value();
  Checker checker(options.with_timeline, {}, options.predicts);
  CheckingVisitor visitor(checker);
  Watch watch{options, checker};
  const trace::MergeStats stats =
      trace::merge(reader, visitor, watch.is_wanted() ? Watch::tell : nullptr, &watch);

  Analysis analysis;
  const bool has_found = checker.finish();
  if (options.findings_only && !has_found) return analysis;
  analysis.run = checker.finish_run();
  load::Code code(reader);
  load::add_header(reader, stats, analysis.run);
  load::add_names(reader, checker.builder().entries(), code, analysis.run);
  load::add_stacks(code, analysis.run);
  detect::Sources sources;
  sources.stack_of = [&](trace::SiteId site, StackId stack) {
    return code.add_stack(analysis.run, site, stack);
  };
  sources.variable_of = [&](trace::SiteId site, StackId callers) {
    return code.variable(site, callers);
  };
  sources.string_of = [&](trace::StringId id) { return std::string(reader.string(id)); };
  analysis.findings = checker.findings(sources, analysis.run);
  if (options.progress) options.progress(1.0);
  return analysis;
}

bool is_trace(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  char magic[sizeof trace::kMagic] = {};
  in.read(magic, sizeof magic);
  return in.gcount() == sizeof magic && std::memcmp(magic, trace::kMagic, sizeof magic) == 0;
}

}  // namespace raddle
