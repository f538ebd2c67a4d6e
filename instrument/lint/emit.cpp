// SPDX-License-Identifier: Apache-2.0
#include "instrument/lint/emit.h"

#include <clang/AST/ASTContext.h>
#include <clang/Basic/Diagnostic.h>
#include <clang/Basic/SourceManager.h>

#include <string>

#include "instrument/lint/checks.h"
#include "instrument/lint/collect.h"

namespace raddle::lint {
namespace {

clang::SourceLocation location(Place place) {
  return clang::SourceLocation::getFromRawEncoding(place);
}

// Whether this line's text has the word, alone or with the check's name in its list.
bool silences(llvm::StringRef line, llvm::StringRef word, const std::string& name) {
  const std::size_t at = line.find(word);
  if (at == llvm::StringRef::npos) return false;
  llvm::StringRef rest = line.substr(at + word.size());
  if (!rest.consume_front("(")) return !rest.starts_with("NEXTLINE");
  const llvm::StringRef list = rest.split(')').first;
  return list.contains(name) || list.contains("raddle-*") || list.trim() == "*";
}

bool is_silenced(const clang::SourceManager& sources, clang::SourceLocation where,
                 const std::string& name) {
  const auto [file, offset] = sources.getDecomposedLoc(where);
  const llvm::StringRef text = sources.getBufferData(file);
  const std::size_t begin = text.rfind('\n', offset) + 1;  // npos + 1 is 0
  if (silences(text.substr(begin, text.find('\n', offset) - begin), "NOLINT", name)) return true;
  if (begin == 0) return false;
  const std::size_t above = begin < 2 ? 0 : text.rfind('\n', begin - 2) + 1;
  return silences(text.substr(above, begin - above), "NOLINTNEXTLINE", name);
}

clang::FixItHint hint(const Fix& fix) {
  const clang::SourceRange range(location(fix.range.begin), location(fix.range.last));
  return fix.text.empty() ? clang::FixItHint::CreateRemoval(range)
                          : clang::FixItHint::CreateReplacement(range, fix.text);
}

void emit(clang::DiagnosticsEngine& diagnostics, const Warning& warning) {
  const std::string name = "raddle-" + std::string(warning.check);
  const unsigned id = diagnostics.getCustomDiagID(clang::DiagnosticsEngine::Warning, "%0 [%1]");
  {
    const clang::DiagnosticBuilder said = diagnostics.Report(location(warning.place), id);
    said << warning.text << name;
    for (const Fix& fix : warning.fixes) said << hint(fix);
  }
  const unsigned note_id = diagnostics.getCustomDiagID(clang::DiagnosticsEngine::Note, "%0");
  for (const Note& note : warning.notes) {
    diagnostics.Report(location(note.place), note_id) << note.text;
  }
}

class Consumer : public clang::ASTConsumer {
 public:
  // NOLINTNEXTLINE(readability-identifier-naming): Clang's name
  void HandleTranslationUnit(clang::ASTContext& context) override {
    // What does not compile has been said already, and its tree has holes.
    if (context.getDiagnostics().hasErrorOccurred()) return;
    const clang::SourceManager& sources = context.getSourceManager();
    for (const Warning& warning : run_checks(collect(context))) {
      const clang::SourceLocation where = location(warning.place);
      const std::string name = "raddle-" + std::string(warning.check);
      if (where.isInvalid() || sources.isInSystemHeader(where)) continue;
      if (!is_silenced(sources, where, name)) emit(context.getDiagnostics(), warning);
    }
  }
};

}  // namespace

std::unique_ptr<clang::ASTConsumer> make_consumer() { return std::make_unique<Consumer>(); }

}  // namespace raddle::lint
