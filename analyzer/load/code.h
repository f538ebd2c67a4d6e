// SPDX-License-Identifier: Apache-2.0
// The program's code as its trace names it: frames, stacks, variables.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "analyzer/model/run.h"
#include "trace/reader.h"

namespace raddle::load {

// Demangled names are kept; the reader must outlive it. Not thread-safe.
class Code {
 public:
  explicit Code(const trace::Reader& reader) : reader_(reader) {}

  // The frames of a site, the calls it was inlined into included, on top of those of its callers.
  Stack stack(trace::SiteId site, StackId callers);
  // Puts a stack into `run` and says where: plain ones at their own id, others behind all of them.
  StackId add_stack(Run& run, trace::SiteId site, StackId callers);
  // What the access or the call at the innermost place outside libraries is about: "counter",
  // "Account::balance"; empty if not known.
  std::string variable(trace::SiteId site, StackId callers) const;
  // "worker" for "(anonymous namespace)::worker(int)", "lambda in main" for a closure's operator().
  static std::string short_name(const std::string& function);

 private:
  bool find_variable(trace::SiteId site, std::string& name) const;
  void append_site(trace::SiteId site, std::vector<Frame>& frames);
  // Of a site that is a mere address: what the program's debug information says, as far as its file
  // is still there.
  void append_address(trace::SiteId site, std::vector<Frame>& frames);
  void look_up_addresses();
  Frame raw_frame(std::uint64_t address) const;
  const std::string& function(trace::StringId name);
  const std::string& file(trace::StringId path);

  const trace::Reader& reader_;
  std::unordered_map<trace::StringId, std::string> functions_;  // demangled
  std::unordered_map<trace::StringId, std::string> files_;      // by their short paths
  std::map<std::pair<trace::SiteId, StackId>, StackId> added_;
  std::unordered_map<trace::SiteId, std::vector<Frame>> symbols_;  // of addresses
  bool has_looked_up_ = false;
};

}  // namespace raddle::load
