// SPDX-License-Identifier: Apache-2.0
#include "analyzer/detect/findings.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <tuple>

namespace raddle::detect {

using order::Order;

namespace {

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  hash ^= value + 0x9e37'79b9'7f4a'7c15u + (hash << 6) + (hash >> 2);
  hash *= 0xff51'afd7'ed55'8ccdu;
  return hash ^ (hash >> 33);
}

std::uint64_t mix(std::uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100'0000'01b3u;
  return mix(hash, text.size());
}

std::string_view file_name(std::string_view path) {
  return path.substr(path.find_last_of('/') + 1);
}

// What the party's part is about, as its source names it; nothing that another run numbers anew.
std::string_view expression_of(const Party& party, const Run& run) {
  if (party.address != 0) return party.object_text;
  return party.object < run.objects.size() ? run.objects[party.object].expression
                                           : std::string_view();
}

// Kind, and function, file and variable of each party's top user frame in any order. No lines: they
// move.
std::string fingerprint_of(const Finding& finding, const Run& run) {
  std::vector<std::uint64_t> parts;
  for (const Party& party : finding.parties) {
    std::uint64_t part = 0xcbf2'9ce4'8422'2325u;
    if (const Frame* frame = user_frame(run, party.stack)) {
      part = mix(mix(part, frame->function), file_name(frame->file));
    }
    part = mix(part, expression_of(party, run));
    parts.push_back(part);
  }
  std::sort(parts.begin(), parts.end());
  std::uint64_t hash = mix(0xcbf2'9ce4'8422'2325u, name_of(finding.kind));
  for (const std::uint64_t part : parts) hash = mix(hash, part);
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

}  // namespace

std::uint64_t key_of(FindingKind kind, std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  return mix(mix(mix(mix(0, static_cast<std::uint64_t>(kind) + 1), a), b), c) >> 1;
}

bool Findings::is_new(std::uint64_t key, std::uint64_t times) {
  if (const std::uint32_t* index = keys_.find(key)) {
    counts_[*index] += times;
    return false;
  }
  keys_.at(key) = static_cast<std::uint32_t>(counts_.size());
  counts_.push_back(times);
  return true;
}

void Findings::explain(TaskId task) {
  if (task >= explained_.size()) explained_.resize(task + 1);
  explained_[task] = true;
}

bool Findings::is_explained(TaskId task) const {
  return task < explained_.size() && explained_[task];
}

void Findings::resolve(Draft& draft, const Sources& sources) {
  Finding& finding = draft.finding;
  for (std::size_t i = 0; i < finding.parties.size(); ++i) {
    Party& party = finding.parties[i];
    const trace::SiteId site = i < draft.sites.size() ? draft.sites[i] : 0;
    if (site != 0 || party.address != 0) party.object_text = sources.variable_of(site, party.stack);
    party.stack = sources.stack_of(site, party.stack);
    for (const Held& held : party.held) sources.stack_of(0, held.since_stack);
  }
  if (finding.last_common.task != 0) sources.stack_of(0, finding.last_common.stack);
  if (draft.text != 0) finding.parties[0].object_text = sources.string_of(draft.text);
}

bool Findings::is_void(const Draft& draft, const Run& run) {
  if (!draft.is_void_in_library) return false;
  return std::ranges::any_of(draft.finding.parties, [&](const Party& party) {
    const std::vector<Frame>& frames = run.stacks[party.stack].frames;
    return !frames.empty() && frames.front().is_library;
  });
}

std::vector<Finding> Findings::finish(const Sources& sources, Run& run) {
  std::vector<Draft*> kept;
  std::map<std::string, Draft*> by_fingerprint;
  for (std::size_t i = 0; i < drafts_.size(); ++i) {
    Draft& draft = drafts_[i];
    resolve(draft, sources);
    if (is_void(draft, run)) continue;
    draft.finding.count = counts_[i];
    draft.finding.fingerprint = fingerprint_of(draft.finding, run);
    const auto [same, is_first] = by_fingerprint.try_emplace(draft.finding.fingerprint, &draft);
    if (is_first) {
      kept.push_back(&draft);
    } else {
      same->second->finding.count += counts_[i];
    }
  }
  std::sort(kept.begin(), kept.end(), [](const Draft* a, const Draft* b) {  // then as found
    return std::tuple(a->finding.certainty, a->finding.kind, a) <
           std::tuple(b->finding.certainty, b->finding.kind, b);
  });
  std::vector<Finding> findings;
  findings.reserve(kept.size());
  for (Draft* draft : kept) {
    if (draft->tell) draft->tell(draft->finding, run);
    findings.push_back(std::move(draft->finding));
  }
  for (std::size_t i = 0; i < findings.size(); ++i) {
    findings[i].id = static_cast<std::uint32_t>(i + 1);
  }
  return findings;
}

std::vector<Held> held_of(const std::vector<order::Holding>& holdings) {
  std::vector<Held> held;
  held.reserve(holdings.size());
  for (const order::Holding& holding : holdings) {
    held.push_back({holding.object, holding.since_stack, holding.since_ns, holding.is_shared});
  }
  return held;
}

Party party_of(const trace::Event& event, const Order& order) {
  Party party;
  party.task = event.task;
  party.action = trace::verb_of(event.kind);
  party.object = order.object();
  party.stack = event.stack;
  party.time_ns = event.time_ns;
  if (order.knows(event.task)) party.held = held_of(order.task(event.task).held());
  return party;
}

}  // namespace raddle::detect
