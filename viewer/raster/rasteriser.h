// SPDX-License-Identifier: Apache-2.0
// Draws ImDrawData into memory, without a display. Coverage is decided in integers (1/16 pixel,
// top-left rule), so that a picture is the same to the bit on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "imgui.h"

namespace raddle::viewer {

// RGBA bytes in memory order, rows from the top.
struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint32_t> pixels;

  std::uint32_t at(int x, int y) const {
    return pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                  static_cast<std::size_t>(x)];
  }
};

// The alpha of ImGui's font atlas, sampled as GL_LINEAR does (antialiased lines live in it).
class AlphaTexture {
 public:
  AlphaTexture() = default;
  AlphaTexture(const std::uint8_t* alpha, int width, int height);
  // 0..255 at texture coordinates in 0..1, clamped to the edge.
  std::uint32_t sample(float u, float v) const;

 private:
  std::uint32_t texel(int x, int y) const;

  std::vector<std::uint8_t> alpha_;
  int width_ = 0;
  int height_ = 0;
};

class Rasteriser {
 public:
  Rasteriser(int width, int height, AlphaTexture texture);

  void clear(ImU32 colour);
  // Draws everything of `data` whose display position is (0, 0) and scale is 1.
  void draw(const ImDrawData& data);
  const Picture& picture() const { return picture_; }

 private:
  struct Clip {
    int x0, y0, x1, y1;
  };
  void draw_command(const ImDrawList& list, const ImDrawCmd& command);
  bool draw_quad(const ImDrawVert* vertices, const ImDrawIdx* indices, const Clip& clip);
  void fill(const Clip& area, ImU32 colour);
  void draw_triangle(const ImDrawVert& a, const ImDrawVert& b, const ImDrawVert& c,
                     const Clip& clip);
  std::uint32_t* row(int y);

  Picture picture_;
  AlphaTexture texture_;
};

}  // namespace raddle::viewer
