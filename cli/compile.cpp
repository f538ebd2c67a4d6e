// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands.h"
#include "cli/installation.h"
#include "cli/message.h"

namespace raddle::cli {
namespace {

// The clang that the plugin was built for, or the one the user names.
std::string compiler_for(std::string_view tool) {
  const bool is_cxx = tool == "c++";
  const char* named = std::getenv(is_cxx ? "RADDLE_CXX" : "RADDLE_CC");
  if (named != nullptr && *named != '\0') return named;
  return std::string(is_cxx ? "clang++-" : "clang-") + RADDLE_LLVM;
}

std::string no_compiler(const std::string& compiler, int error) {
  return "cannot start " + compiler + ": " + std::strerror(error) +
         "; install clang-" RADDLE_LLVM " or name one in RADDLE_CC and RADDLE_CXX";
}

struct FlagOptions {
  bool only_config = false;
  bool by_tsan = false;
  bool only_link = false;
};

bool has_header_name(std::string_view path) {
  const std::string_view ending = path.substr(std::min(path.rfind('.'), path.size()));
  return !path.starts_with('-') && (ending == ".h" || ending == ".hh" || ending == ".hpp" ||
                                    ending == ".hxx" || ending == ".H");
}

// Whether it makes a precompiled header: clang 19 takes libraries to link for inputs of their own,
// for which there is one output too few.
bool makes_header(std::span<char* const> args) {
  bool is_value = false;  // of the option before
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string_view arg = args[i];
    if (arg.starts_with("-x") && arg.ends_with("-header")) return true;
    if (arg.ends_with("-header") && i > 0 && std::string_view(args[i - 1]) == "-x") return true;
    if (!is_value && has_header_name(arg)) return true;
    is_value = arg == "-include" || arg == "-include-pch" || arg == "-imacros" || arg == "-o" ||
               arg == "-MF" || arg == "-MT" || arg == "-MQ";
  }
  return false;
}

// Whether it links a program that could not have the runtime, which is a shared library.
bool links_statically(std::span<char* const> args) {
  bool is_static = false;
  bool has_input = false;
  for (const std::string_view arg : args) {
    if (arg == "-c" || arg == "-S" || arg == "-E" || arg == "-M" || arg == "-MM" ||
        arg == "-fsyntax-only") {
      return false;
    }
    is_static = is_static || arg == "-static" || arg == "--static" || arg == "-static-pie";
    has_input = has_input || !arg.starts_with('-');
  }
  return is_static && has_input;
}

// A path as a word of a command line, where what is printed goes: a shell, and each recipe of a
// makefile, takes the backslashes away.
std::string shell_word(const std::filesystem::path& path) {
  std::string word;
  for (const char letter : path.string()) {
    const bool is_plain = std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
                          static_cast<unsigned char>(letter) >= 0x80 ||
                          std::string_view("/._-+@%:,=").find(letter) != std::string_view::npos;
    if (!is_plain) word += '\\';
    word += letter;
  }
  return word;
}

// For a compiler without configuration files.
int print_link_flags() {
  const std::string libraries = shell_word(config_file().parent_path().parent_path());
  std::cout << "-pthread -L" << libraries << " -Wl,-rpath," << libraries
            << " -Wl,--push-state,--no-as-needed -lraddle -Wl,--pop-state" << std::endl;
  return 0;
}

int print_flags(const FlagOptions& options) {
  if (options.only_link) return print_link_flags();
  std::filesystem::path config = config_file();
  if (options.by_tsan) config.replace_filename("raddle-tsan.cfg");
  if (!std::filesystem::exists(config)) {
    return fail("no " + config.string() + "; was raddle built with RADDLE_INSTRUMENT=ON?");
  }
  std::cout << (options.only_config ? config.string() : "--config=" + shell_word(config))
            << std::endl;
  return 0;
}

}  // namespace

int run_compiler(std::string_view tool, std::span<char* const> args) {
  if (links_statically(args)) {
    return fail(
        "-static: raddle's runtime is a shared library, so that a program that is linked with it "
        "cannot be static; leave -static out");
  }
  std::filesystem::path config = config_file();
  if (!std::filesystem::exists(config)) {
    return fail("no " + config.string() + "; was raddle built with RADDLE_INSTRUMENT=ON?");
  }
  if (makes_header(args)) config.replace_filename("raddle-compile.cfg");
  std::string compiler = compiler_for(tool);
  std::string flag = "--config=" + config.string();
  std::vector<char*> argv = {compiler.data(), flag.data()};
  argv.insert(argv.end(), args.begin(), args.end());
  argv.push_back(nullptr);
  return fail(no_compiler(compiler, become(compiler, argv.data())));
}

void add_flags(CLI::App& app, int& status) {
  auto options = std::make_shared<FlagOptions>();
  CLI::App* command =
      app.add_subcommand("flags", "Print the flag for build files, to compile and to link with");
  command->add_flag("--config", options->only_config,
                    "Print only the path of the configuration file");
  command->add_flag("--tsan", options->by_tsan,
                    "By ThreadSanitizer's instrumentation instead of raddle's: any clang");
  command->add_flag("--link", options->only_link,
                    "Only to link, for objects that any compiler made with -fsanitize=thread");
  command->callback([options, &status] { status = print_flags(*options); });
}

}  // namespace raddle::cli
