// SPDX-License-Identifier: Apache-2.0
// Which fields the structs of the model have, once for both ways: describe(archive, struct) hands
// them to an archive that reads or writes them. For archive.cpp only.
#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

#include "analyzer/model/finding.h"

namespace raddle::archive {

template <typename T, typename U>
concept Same = std::same_as<std::remove_const_t<T>, U>;

template <typename A>
void describe(A& archive, Same<Frame> auto& frame) {
  archive(frame.function, frame.file, frame.line, frame.column, frame.is_library);
}

template <typename A>
void describe(A& archive, Same<Stack> auto& stack) {
  archive(stack.frames);
}

template <typename A>
void describe(A& archive, Same<Span> auto& span) {
  archive.time(span.begin_ns);
  archive(span.state, span.object, span.stack);
}

template <typename A>
void describe(A& archive, Same<Moment> auto& moment) {
  archive.time(moment.time_ns);
  archive(moment.kind, moment.object, moment.peer, moment.stack);
}

template <typename A>
void describe(A& archive, Same<Task> auto& task) {
  archive(task.id, task.name, task.is_thread, task.is_main, task.creator, task.created_at);
  archive.time(task.begin_ns);
  archive.time(task.end_ns);
  archive(task.has_started, task.has_ended, task.spans, task.moments);
}

template <typename A>
void describe(A& archive, Same<Holding> auto& holding) {
  archive.time(holding.begin_ns);
  archive.time(holding.end_ns);
  archive(holding.task, holding.is_shared);
}

template <typename A>
void describe(A& archive, Same<Fill> auto& fill) {
  archive.time(fill.time_ns);
  archive(fill.values);
}

template <typename A>
void describe(A& archive, Same<Object> auto& object) {
  archive(object.type, object.address, object.name, object.expression, object.has_namesakes,
          object.is_internal, object.created_at, object.creator, object.capacity, object.holdings,
          object.fills, object.operations, object.waits, object.waited_ns);
}

template <typename A>
void describe(A& archive, Same<Damage> auto& damage) {
  archive(damage.bytes_lost, damage.notes);
}

template <typename A>
void describe(A& archive, Same<SourceFile> auto& file) {
  archive(file.path, file.text);
}

template <typename A>
void describe(A& archive, Same<Run> auto& run) {
  archive(run.program, run.command, run.duration_ns, run.end_reason, run.end_code, run.stop_reason,
          run.is_instrumented, run.has_accesses, run.events, run.accesses, run.tasks, run.objects,
          run.stacks, run.sources, run.damage, run.notes);
}

template <typename A>
void describe(A& archive, Same<Held> auto& held) {
  archive(held.object, held.since_stack);
  archive.time(held.since_ns);
  archive(held.is_shared);
}

template <typename A>
void describe(A& archive, Same<Party> auto& party) {
  archive(party.task, party.action, party.object, party.object_text, party.address,
          party.size_bytes, party.is_write, party.stack);
  archive.time(party.time_ns);
  archive(party.held);
}

template <typename A>
void describe(A& archive, Same<WaitEdge> auto& edge) {
  archive(edge.from, edge.on, edge.to);
}

template <typename A>
void describe(A& archive, Same<Memory> auto& memory) {
  archive(memory.address, memory.size_bytes, memory.task, memory.stack, memory.is_stack);
}

template <typename A>
void describe(A& archive, Same<Step> auto& step) {
  archive(step.task, step.action, step.object, step.stack);
  archive.time(step.time_ns);
  archive(step.peer, step.count, step.is_wait);
}

template <typename A>
void describe(A& archive, Same<Finding> auto& finding) {
  archive(finding.id, finding.kind, finding.certainty, finding.title, finding.parties,
          finding.edges, finding.why, finding.hint, finding.fingerprint, finding.count,
          finding.is_unordered, finding.last_common_ns, finding.last_common, finding.memory,
          finding.history);
}

template <typename A>
void describe(A& archive, Same<Analysis> auto& analysis) {
  archive(analysis.run, analysis.findings);
}

}  // namespace raddle::archive
