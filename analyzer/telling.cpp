// SPDX-License-Identifier: Apache-2.0
#include "analyzer/telling.h"

#include <string>
#include <utility>

#include "analyzer/load/names.h"

namespace raddle {
namespace {

detect::Sources sources_of(const trace::Reader& reader, load::Code& code, Run& run) {
  detect::Sources sources;
  sources.stack_of = [&](trace::SiteId site, StackId stack) {
    return code.add_stack(run, site, stack);
  };
  sources.variable_of = [&](trace::SiteId site, StackId callers) {
    return code.variable(site, callers);
  };
  sources.string_of = [&](trace::StringId string) { return std::string(reader.string(string)); };
  return sources;
}

}  // namespace

Analysis tell(const trace::Reader& reader, const trace::MergeStats& stats, load::Code& code,
              Checker& checker) {
  Analysis analysis;
  analysis.run = checker.finish_run();
  load::add_header(reader, stats, analysis.run);
  load::add_stacks(code, analysis.run);
  load::add_names(reader, checker.builder().entries(), code, analysis.run);
  load::add_sleeps(reader, checker.builder().sleeps(), code, analysis.run);
  // What a killed run had not yet written, a cut one has given up or the child of a fork has done
  // before it was recorded explains them, too.
  const bool is_torn = reader.cut() != nullptr || reader.header().is_fork != 0 ||
                       (stats.gaps > 0 && analysis.run.end_reason == trace::EndReason::kUnknown);
  if (!is_torn) checker.contradictions().tell(analysis.run);
  analysis.findings = checker.findings(sources_of(reader, code, analysis.run), analysis.run);
  return analysis;
}

Analysis tell_so_far(const trace::Reader& reader, const Checker& checker) {
  load::Code code(reader);
  Analysis analysis;
  analysis.run = checker.builder().so_far();
  load::add_header(reader, {}, analysis.run);
  load::add_stacks(code, analysis.run);
  load::add_names(reader, checker.builder().entries(), code, analysis.run);
  analysis.findings = checker.findings_so_far(sources_of(reader, code, analysis.run), analysis.run);
  return analysis;
}

}  // namespace raddle
