// SPDX-License-Identifier: Apache-2.0
#include "viewer/app/fonts.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

namespace raddle::viewer {
namespace {

// Latin, Greek, Cyrillic, punctuation, arrows.
constexpr ImWchar kRanges[] = {0x20,  0xFF,   0x100,  0x17F,  0x370,  0x3FF, 0x400,
                               0x4FF, 0x2010, 0x2027, 0x2190, 0x21FF, 0};

bool is_font(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  char magic[4] = {};
  if (!file.read(magic, 4)) return false;
  return std::memcmp(magic, "\0\1\0\0", 4) == 0 || std::memcmp(magic, "true", 4) == 0 ||
         std::memcmp(magic, "OTTO", 4) == 0;
}

ImFont* add(const std::filesystem::path& path, float pixels) {
  if (!is_font(path)) return nullptr;
  ImFontConfig config;
  config.OversampleH = 2;
  config.OversampleV = 1;
  config.PixelSnapH = true;
  return ImGui::GetIO().Fonts->AddFontFromFileTTF(path.c_str(), pixels, &config, kRanges);
}

std::vector<std::filesystem::path> font_folders() {
  std::vector<std::filesystem::path> folders;
  if (const char* home = std::getenv("HOME")) {
    folders.push_back(std::filesystem::path(home) / ".local/share/fonts");
  }
  for (const char* share : {"/usr/local/share/fonts", "/usr/share/fonts"}) {
    for (const char* below : {"truetype/dejavu", "dejavu", "dejavu-sans-fonts", "TTF", ""}) {
      folders.push_back(std::filesystem::path(share) / below);
    }
  }
  return folders;
}

ImFont* add_system(const char* name, float pixels) {
  for (const std::filesystem::path& folder : font_folders()) {
    if (ImFont* font = add(folder / name, pixels)) return font;
  }
  return nullptr;
}

void add_builtin(double scale) {
  ImFontConfig config;
  config.SizePixels = std::round(13 * static_cast<float>(scale));
  ImGui::GetIO().Fonts->AddFontDefault(&config);
}

}  // namespace

bool load_fonts(const std::string& font, double scale, Fonts& fonts) {
  fonts = {};
  if (font == "builtin") {
    add_builtin(scale);
    return true;
  }
  const float pixels = std::round(14 * static_cast<float>(scale));
  if (font != "system") {
    fonts.text = add(font, pixels);
    return fonts.text != nullptr;
  }
  fonts.text = add_system("DejaVuSans.ttf", pixels);
  if (fonts.text == nullptr) {
    add_builtin(scale);
    return true;
  }
  fonts.strong = add_system("DejaVuSans-Bold.ttf", pixels);
  fonts.code = add_system("DejaVuSansMono.ttf", std::round(13 * static_cast<float>(scale)));
  return true;
}

}  // namespace raddle::viewer
