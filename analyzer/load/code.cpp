// SPDX-License-Identifier: Apache-2.0
#include "analyzer/load/code.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "analyzer/load/code_names.h"
#include "analyzer/load/symbols.h"

namespace raddle::load {

namespace {

constexpr std::size_t kMostInlined = 64;  // a damaged chain must end
constexpr std::size_t kLongestName = 60;

std::string_view file_name(std::string_view path) {
  return path.substr(path.find_last_of('/') + 1);
}

// The recorder writes "program+0x12ab", without a line, where an address is all that it has.
std::string_view offset_text(const trace::Reader& reader, const trace::Site& site) {
  const std::string_view function = reader.string(site.function);
  const std::string_view name = file_name(reader.string(site.file));
  if (site.line != 0 || name.empty() || !function.starts_with(name)) return {};
  const std::string_view rest = function.substr(name.size());
  return rest.starts_with("+0x") ? rest.substr(1) : std::string_view{};
}

bool is_address(const trace::Reader& reader, const trace::Site& site) {
  return !offset_text(reader, site).empty();
}

}  // namespace

const std::string& Code::function(trace::StringId name) {
  const auto [entry, is_new] = functions_.try_emplace(name);
  if (is_new) entry->second = demangled(reader_.string(name));
  return entry->second;
}

const std::string& Code::file(trace::StringId path) {
  const auto [entry, is_new] = files_.try_emplace(path);
  if (is_new) entry->second = short_path(reader_.string(path));
  return entry->second;
}

void Code::append_site(trace::SiteId site, std::vector<Frame>& frames) {
  for (std::size_t i = 0; site != 0 && i < kMostInlined; ++i) {
    const trace::Site& at = reader_.site(site);
    if (is_address(reader_, at)) return append_address(site, frames);
    Frame frame;
    frame.function = function(at.function);
    frame.file = file(at.file);
    frame.line = at.line;
    frame.column = at.column;
    frame.is_library = is_library_file(frame.file);
    frames.push_back(std::move(frame));
    site = at.inlined_at;
  }
}

void Code::look_up_addresses() {
  has_looked_up_ = true;
  struct Wanted {
    std::vector<trace::SiteId> sites;
    std::vector<std::uint64_t> offsets;
  };
  std::map<std::string_view, Wanted> by_file;  // at once: each look-up reads the file
  for (trace::SiteId id = 1; id < reader_.site_limit(); ++id) {
    const std::string_view text = offset_text(reader_, reader_.site(id));
    if (text.empty()) continue;
    Wanted& wanted = by_file[reader_.string(reader_.site(id).file)];
    wanted.sites.push_back(id);
    wanted.offsets.push_back(std::strtoull(std::string(text).c_str(), nullptr, 16));
  }
  for (auto& [file, wanted] : by_file) {
    auto symbols = symbols_at(std::string(file), wanted.offsets);
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      symbols_[wanted.sites[i]] = std::move(symbols[i]);
    }
  }
}

void Code::append_address(trace::SiteId site, std::vector<Frame>& frames) {
  if (!has_looked_up_) look_up_addresses();
  const std::vector<Frame>& known = symbols_[site];
  if (!known.empty()) {
    frames.insert(frames.end(), known.begin(), known.end());
    return;
  }
  Frame frame;
  frame.function = reader_.string(reader_.site(site).function);
  frame.is_library = is_library_file(reader_.string(reader_.site(site).file));
  frames.push_back(std::move(frame));
}

Frame Code::raw_frame(std::uint64_t address) const {
  Frame frame;
  for (const trace::Module& module : reader_.modules()) {
    if (address < module.address || address >= module.address + module.bytes) continue;
    char offset[32];
    std::snprintf(offset, sizeof offset, "+0x%llx",
                  static_cast<unsigned long long>(address - module.address));
    const std::string_view name = file_name(reader_.string(module.path));
    frame.function = std::string(name) + offset;
    frame.is_library = name.starts_with("lib");
  }
  return frame;
}

Stack Code::stack(trace::SiteId site, StackId callers) {
  Stack stack;
  append_site(site, stack.frames);
  for (const std::uint64_t word : reader_.frames(callers)) {
    if ((word & trace::kRawFrame) != 0) {
      stack.frames.push_back(raw_frame(word & ~trace::kRawFrame));
    } else {
      append_site(static_cast<trace::SiteId>(word), stack.frames);
    }
  }
  return stack;
}

StackId Code::add_stack(Run& run, trace::SiteId site, StackId callers) {
  if (run.stacks.size() < reader_.stack_count()) run.stacks.resize(reader_.stack_count());
  if (run.stacks.empty()) run.stacks.emplace_back();
  if (site == 0) {
    if (callers < run.stacks.size() && run.stacks[callers].frames.empty()) {
      run.stacks[callers] = stack(0, callers);
    }
    return callers;
  }
  const auto [entry, is_new] = added_.try_emplace({site, callers});
  if (is_new) {
    entry->second = static_cast<StackId>(run.stacks.size());
    run.stacks.push_back(stack(site, callers));
  }
  return entry->second;
}

// True: there is no use in looking further out, because a name or the user's own code was found.
bool Code::find_variable(trace::SiteId site, std::string& name) const {
  for (std::size_t i = 0; site != 0 && i < kMostInlined; ++i) {
    const trace::Site& at = reader_.site(site);
    name = demangled(reader_.string(at.variable));
    if (!name.empty() || !is_library_file(reader_.string(at.file))) return true;
    site = at.inlined_at;
  }
  return false;
}

std::string Code::variable(trace::SiteId site, StackId callers) const {
  std::string name;
  if (find_variable(site, name)) return name;
  for (const std::uint64_t word : reader_.frames(callers)) {
    if ((word & trace::kRawFrame) != 0) continue;
    if (find_variable(static_cast<trace::SiteId>(word), name)) break;
  }
  return name;
}

std::string Code::short_name(const std::string& function) {
  std::string name = function;
  static constexpr std::string_view kAnonymous = "(anonymous namespace)::";
  for (std::size_t at; (at = name.find(kAnonymous)) != std::string::npos;) {
    name.erase(at, kAnonymous.size());
  }
  const std::size_t call = name.find("::operator()");
  bool is_closure = false;
  if (call != std::string::npos) {
    name.resize(call);
    const std::size_t closure =
        std::min({name.rfind("::$_"), name.rfind("::'lambda"), name.rfind("::{lambda")});
    is_closure = closure != std::string::npos;
    if (is_closure) name.resize(closure);
  }
  const std::size_t arguments = name.find('(');
  if (arguments != std::string::npos && arguments != 0) name.resize(arguments);
  if (name.size() > kLongestName) name = name.substr(0, kLongestName - 3) + "...";
  return is_closure ? "lambda in " + name : name;
}

}  // namespace raddle::load
