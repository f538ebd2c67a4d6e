// SPDX-License-Identifier: Apache-2.0
// raddle-lint [--fix] [-p BUILD] FILES...: the checks over a compilation database, for `raddle
// lint`. Exit status: 0 nothing found, 66 warnings, 2 bad usage, or files that could not be read or
// compiled.
#include <clang/Basic/Diagnostic.h>
#include <clang/Frontend/CompilerInstance.h>
#include <clang/Frontend/FrontendAction.h>
#include <clang/Frontend/TextDiagnosticPrinter.h>
#include <clang/Rewrite/Frontend/FixItRewriter.h>
#include <clang/Tooling/CompilationDatabase.h>
#include <clang/Tooling/Tooling.h>
#include <llvm/ADT/StringSwitch.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/Process.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "instrument/lint/emit.h"

namespace raddle::lint {
namespace {

constexpr int kFound = 66;
constexpr int kUnusable = 2;

struct Arguments {
  std::string build;
  std::vector<std::string> files;
  bool fix = false;
};

int complain(const std::string& text) {
  std::fprintf(stderr, "raddle lint: %s\n", text.c_str());
  return kUnusable;
}

// Counts what is said, and says it.
class Printer : public clang::TextDiagnosticPrinter {
 public:
  using TextDiagnosticPrinter::TextDiagnosticPrinter;
  // NOLINTNEXTLINE(readability-identifier-naming): Clang's name
  void HandleDiagnostic(clang::DiagnosticsEngine::Level level,
                        const clang::Diagnostic& said) override {
    // The compiler's own warnings have their own place.
    const bool is_ours = said.getID() >= clang::diag::DIAG_UPPER_LIMIT;
    if (level == clang::DiagnosticsEngine::Warning && !is_ours) return;
    // A header is read again by each file that includes it.
    if (level != clang::DiagnosticsEngine::Note) follows_ours_ = is_new(said);
    if (!follows_ours_) return;
    TextDiagnosticPrinter::HandleDiagnostic(level, said);
    warnings += level == clang::DiagnosticsEngine::Warning ? 1 : 0;
  }
  // NOLINTNEXTLINE(readability-identifier-naming): Clang's name
  bool IncludeInDiagnosticCounts() const override { return true; }

  int warnings = 0;

 private:
  bool is_new(const clang::Diagnostic& said) {
    llvm::SmallString<128> text;
    said.FormatDiagnostic(text);
    const bool has_place = said.hasSourceManager() && said.getLocation().isValid();
    const std::string where =
        has_place ? said.getLocation().printToString(said.getSourceManager()) : "";
    return said_.insert(where + std::string(text)).second;
  }

  bool follows_ours_ = false;  // what was said last is shown, so its notes are
  std::set<std::string> said_;
};

// Writes what the fix-its change, in place.
class InPlace : public clang::FixItOptions {
 public:
  InPlace() {
    clang::FixItOptions::InPlace = true;
    FixWhatYouCan = true;
  }
  // NOLINTNEXTLINE(readability-identifier-naming): Clang's name
  std::string RewriteFilename(const std::string& file, int& descriptor) override {
    descriptor = -1;
    return file;
  }
};

class Action : public clang::ASTFrontendAction {
 public:
  explicit Action(bool fix) : fix_(fix) {}

 protected:
  // NOLINTBEGIN(readability-identifier-naming): Clang's names
  bool BeginSourceFileAction(clang::CompilerInstance& compiler) override {
    if (!fix_) return true;
    rewriter_ = std::make_unique<clang::FixItRewriter>(
        compiler.getDiagnostics(), compiler.getSourceManager(), compiler.getLangOpts(), &options_);
    return true;
  }
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance& compiler,
                                                        llvm::StringRef file) override {
    return make_consumer();
  }
  void EndSourceFileAction() override {
    if (rewriter_ != nullptr) rewriter_->WriteFixedFiles();
    rewriter_.reset();
  }
  // NOLINTEND(readability-identifier-naming)

 private:
  bool fix_;
  InPlace options_;
  std::unique_ptr<clang::FixItRewriter> rewriter_;
};

class Factory : public clang::tooling::FrontendActionFactory {
 public:
  explicit Factory(bool fix) : fix_(fix) {}
  std::unique_ptr<clang::FrontendAction> create() override {
    return std::make_unique<Action>(fix_);
  }

 private:
  bool fix_;
};

// The database of -p, else the one above the first file; without one, each file is compiled as
// C++20 with raddle's headers.
std::unique_ptr<clang::tooling::CompilationDatabase> database(const Arguments& arguments,
                                                              std::string& error) {
  using clang::tooling::CompilationDatabase;
  if (!arguments.build.empty()) {
    return CompilationDatabase::loadFromDirectory(arguments.build, error);
  }
  std::string ignored;
  if (!arguments.files.empty()) {
    if (auto found = CompilationDatabase::autoDetectFromSource(arguments.files.front(), ignored)) {
      return found;
    }
  }
  return std::make_unique<clang::tooling::FixedCompilationDatabase>(
      ".", std::vector<std::string>{"-std=c++20", "-pthread"});
}

bool parse(int argc, char** argv, Arguments& arguments) {
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "-p" && i + 1 < argc) {
      arguments.build = argv[++i];
    } else if (word == "--fix") {
      arguments.fix = true;
    } else if (word.starts_with("-")) {
      return false;
    } else {
      arguments.files.push_back(word);
    }
  }
  return !arguments.files.empty() || !arguments.build.empty();
}

// clang finds its own headers from its own place, which is not this program's; raddle's are the
// last to be looked for.
clang::tooling::ArgumentsAdjuster with_headers(const std::string& program) {
  llvm::SmallString<256> include(llvm::sys::path::parent_path(program));
  llvm::sys::path::append(include, RADDLE_INCLUDE_FROM_BIN);
  return clang::tooling::getInsertArgumentAdjuster(
      {"-resource-dir=" RADDLE_CLANG_RESOURCE_DIR, "-idirafter", std::string(include),
       "-fno-caret-diagnostics"},
      clang::tooling::ArgumentInsertPosition::END);
}

// What is neither C nor C++ is nothing for us.
std::vector<std::string> sources_of(const clang::tooling::CompilationDatabase& commands) {
  std::vector<std::string> files = commands.getAllFiles();
  std::ranges::sort(files);
  std::erase_if(files, [](const std::string& file) {
    const llvm::StringRef extension = llvm::sys::path::extension(file);
    return !llvm::StringSwitch<bool>(extension)
                .Cases(".c", ".cc", ".cpp", ".cxx", ".c++", ".C", true)
                .Default(false);
  });
  return files;
}

int run(const Arguments& arguments, const std::string& program) {
  std::string error;
  const auto commands = database(arguments, error);
  if (commands == nullptr) {
    return complain("no compilation database in " + arguments.build + ": " + error +
                    "configure with -DCMAKE_EXPORT_COMPILE_COMMANDS=ON, or name the files alone");
  }
  const std::vector<std::string> files =
      arguments.files.empty() ? sources_of(*commands) : arguments.files;
  for (const std::string& file : files) {
    if (!llvm::sys::fs::exists(file)) return complain("no file " + file);
  }
  llvm::IntrusiveRefCntPtr<clang::DiagnosticOptions> options(new clang::DiagnosticOptions);
  options->ShowColors = llvm::sys::Process::StandardErrHasColors();
  Printer printer(llvm::errs(), options.get());
  Factory factory(arguments.fix);
  bool is_whole = true;
  for (const std::string& file : files) {
    // One by one: a tool with many files talks about its progress.
    clang::tooling::ClangTool tool(*commands, file);
    tool.appendArgumentsAdjuster(with_headers(program));
    tool.setDiagnosticConsumer(&printer);
    tool.setPrintErrorMessage(false);
    is_whole &= tool.run(&factory) == 0;
  }
  if (!is_whole) return complain("some files do not compile as the database says");
  return printer.warnings > 0 ? kFound : 0;
}

}  // namespace
}  // namespace raddle::lint

int main(int argc, char** argv) {
  raddle::lint::Arguments arguments;
  if (!raddle::lint::parse(argc, argv, arguments)) {
    return raddle::lint::complain("usage: raddle lint [--fix] [-p BUILD] FILES...");
  }
  return raddle::lint::run(arguments, llvm::sys::fs::getMainExecutable(argv[0], nullptr));
}
