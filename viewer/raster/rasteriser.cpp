// SPDX-License-Identifier: Apache-2.0
#include "viewer/raster/rasteriser.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace raddle::viewer {
namespace {

constexpr std::uint32_t kOpaque = 0xff000000U;

std::uint32_t alpha_of(std::uint32_t colour) { return colour >> 24; }

// `source` over `below`, rounded to nearest; the result is opaque.
std::uint32_t blend(std::uint32_t below, std::uint32_t source, std::uint32_t alpha) {
  if (alpha == 255) return source | kOpaque;
  std::uint32_t result = kOpaque;
  for (int shift = 0; shift < 24; shift += 8) {
    const std::uint32_t sum =
        ((source >> shift) & 255) * alpha + ((below >> shift) & 255) * (255 - alpha) + 128;
    result |= ((sum + (sum >> 8)) >> 8) << shift;
  }
  return result;
}

std::uint32_t scaled(std::uint32_t alpha, std::uint32_t coverage) {
  return (alpha * coverage + 127) / 255;
}

// The first pixel whose centre is at or behind `v`.
int first_pixel(float v) { return static_cast<int>(std::ceil(v - 0.5F)); }

bool same(const ImVec2& a, const ImVec2& b) { return a.x == b.x && a.y == b.y; }

}  // namespace

AlphaTexture::AlphaTexture(const std::uint8_t* alpha, int width, int height)
    : alpha_(alpha, alpha + static_cast<std::ptrdiff_t>(width) * height),
      width_(width),
      height_(height) {}

std::uint32_t AlphaTexture::texel(int x, int y) const {
  x = std::clamp(x, 0, width_ - 1);
  y = std::clamp(y, 0, height_ - 1);
  return alpha_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                static_cast<std::size_t>(x)];
}

std::uint32_t AlphaTexture::sample(float u, float v) const {
  if (alpha_.empty()) return 255;
  const int fx = static_cast<int>(std::lrintf((u * static_cast<float>(width_) - 0.5F) * 256));
  const int fy = static_cast<int>(std::lrintf((v * static_cast<float>(height_) - 0.5F) * 256));
  const int x = fx >> 8;
  const int y = fy >> 8;
  const auto wx = static_cast<std::uint32_t>(fx & 255);
  const auto wy = static_cast<std::uint32_t>(fy & 255);
  if (wx == 0 && wy == 0) return texel(x, y);
  const std::uint32_t upper = texel(x, y) * (256 - wx) + texel(x + 1, y) * wx;
  const std::uint32_t lower = texel(x, y + 1) * (256 - wx) + texel(x + 1, y + 1) * wx;
  return (upper * (256 - wy) + lower * wy + 32768) >> 16;
}

Rasteriser::Rasteriser(int width, int height, AlphaTexture texture) : texture_(std::move(texture)) {
  picture_.width = width;
  picture_.height = height;
  picture_.pixels.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  clear(kOpaque);
}

void Rasteriser::clear(ImU32 colour) {
  std::fill(picture_.pixels.begin(), picture_.pixels.end(), colour | kOpaque);
}

std::uint32_t* Rasteriser::row(int y) {
  return &picture_.pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(picture_.width)];
}

void Rasteriser::draw(const ImDrawData& data) {
  for (int i = 0; i < data.CmdListsCount; ++i) {
    const ImDrawList& list = *data.CmdLists[i];
    for (const ImDrawCmd& command : list.CmdBuffer) {
      if (command.UserCallback == nullptr) draw_command(list, command);
    }
  }
}

void Rasteriser::draw_command(const ImDrawList& list, const ImDrawCmd& command) {
  const Clip clip = {std::max(0, static_cast<int>(command.ClipRect.x)),
                     std::max(0, static_cast<int>(command.ClipRect.y)),
                     std::min(picture_.width, static_cast<int>(command.ClipRect.z)),
                     std::min(picture_.height, static_cast<int>(command.ClipRect.w))};
  if (clip.x0 >= clip.x1 || clip.y0 >= clip.y1) return;
  const ImDrawIdx* indices = list.IdxBuffer.Data + command.IdxOffset;
  const ImDrawVert* vertices = list.VtxBuffer.Data + command.VtxOffset;
  for (unsigned i = 0; i + 2 < command.ElemCount;) {
    if (i + 5 < command.ElemCount && draw_quad(vertices, indices + i, clip)) {
      i += 6;
      continue;
    }
    draw_triangle(vertices[indices[i]], vertices[indices[i + 1]], vertices[indices[i + 2]], clip);
    i += 3;
  }
}

// Two triangles that are an upright rectangle of one colour, as ImGui makes them for fills and
// glyphs. Returns false, and draws nothing, if they are not.
bool Rasteriser::draw_quad(const ImDrawVert* vertices, const ImDrawIdx* indices, const Clip& clip) {
  if (indices[3] != indices[0] || indices[4] != indices[2]) return false;
  const ImDrawVert& a = vertices[indices[0]];  // top left
  const ImDrawVert& b = vertices[indices[1]];
  const ImDrawVert& c = vertices[indices[2]];  // bottom right
  const ImDrawVert& d = vertices[indices[5]];
  const bool is_upright = a.pos.y == b.pos.y && b.pos.x == c.pos.x && c.pos.y == d.pos.y &&
                          d.pos.x == a.pos.x && a.pos.x <= c.pos.x && a.pos.y <= c.pos.y;
  const bool is_plain = a.col == b.col && a.col == c.col && a.col == d.col;
  if (!is_upright || !is_plain) return false;
  const Clip area = {
      std::max(clip.x0, first_pixel(a.pos.x)), std::max(clip.y0, first_pixel(a.pos.y)),
      std::min(clip.x1, first_pixel(c.pos.x)), std::min(clip.y1, first_pixel(c.pos.y))};
  if (area.x0 >= area.x1 || area.y0 >= area.y1) return true;
  if (same(a.uv, c.uv)) {
    const std::uint32_t alpha = scaled(alpha_of(a.col), texture_.sample(a.uv.x, a.uv.y));
    fill(area, (a.col & ~kOpaque) | alpha << 24);
    return true;
  }
  const float du = (c.uv.x - a.uv.x) / (c.pos.x - a.pos.x);
  const float dv = (c.uv.y - a.uv.y) / (c.pos.y - a.pos.y);
  for (int y = area.y0; y < area.y1; ++y) {
    const float v = a.uv.y + (static_cast<float>(y) + 0.5F - a.pos.y) * dv;
    for (int x = area.x0; x < area.x1; ++x) {
      const float u = a.uv.x + (static_cast<float>(x) + 0.5F - a.pos.x) * du;
      std::uint32_t& pixel = row(y)[x];
      pixel = blend(pixel, a.col, scaled(alpha_of(a.col), texture_.sample(u, v)));
    }
  }
  return true;
}

void Rasteriser::fill(const Clip& area, ImU32 colour) {
  const std::uint32_t alpha = alpha_of(colour);
  if (alpha == 0) return;
  for (int y = area.y0; y < area.y1; ++y) {
    std::uint32_t* pixels = row(y);
    if (alpha == 255) {
      std::fill(pixels + area.x0, pixels + area.x1, colour);
      continue;
    }
    for (int x = area.x0; x < area.x1; ++x) pixels[x] = blend(pixels[x], colour, alpha);
  }
}

namespace {

struct FixedPoint {  // 1/16 pixel
  std::int64_t x, y;
};

FixedPoint fixed(const ImVec2& p) { return {std::lrintf(p.x * 16), std::lrintf(p.y * 16)}; }

// Twice the area of (a, b, p): positive on the right of a -> b, with y down.
std::int64_t side(FixedPoint a, FixedPoint b, FixedPoint p) {
  return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
}

// Pixel centres on an edge belong to the triangle only on its top and left edges.
std::int64_t bias(FixedPoint a, FixedPoint b) {
  const bool is_top = a.y == b.y && b.x > a.x;
  const bool is_left = b.y < a.y;
  return is_top || is_left ? 0 : -1;
}

ImU32 mix(const ImDrawVert& a, const ImDrawVert& b, const ImDrawVert& c, float wa, float wb,
          float wc) {
  if (a.col == b.col && b.col == c.col) return a.col;
  ImU32 result = 0;
  for (int shift = 0; shift < 32; shift += 8) {
    const float sum = wa * static_cast<float>((a.col >> shift) & 255) +
                      wb * static_cast<float>((b.col >> shift) & 255) +
                      wc * static_cast<float>((c.col >> shift) & 255);
    result |= static_cast<ImU32>(std::clamp(sum + 0.5F, 0.0F, 255.0F)) << shift;
  }
  return result;
}

}  // namespace

void Rasteriser::draw_triangle(const ImDrawVert& va, const ImDrawVert& vb, const ImDrawVert& vc,
                               const Clip& clip) {
  const ImDrawVert* v[3] = {&va, &vb, &vc};
  FixedPoint p[3] = {fixed(va.pos), fixed(vb.pos), fixed(vc.pos)};
  std::int64_t area = side(p[0], p[1], p[2]);
  if (area == 0) return;
  if (area < 0) {
    std::swap(v[1], v[2]);
    std::swap(p[1], p[2]);
    area = -area;
  }
  const auto clipped = [](std::int64_t value, int low, int high) {
    return static_cast<int>(std::clamp<std::int64_t>(value, low, high));
  };
  const int x0 = clipped(std::min({p[0].x, p[1].x, p[2].x}) >> 4, clip.x0, clip.x1);
  const int x1 = clipped((std::max({p[0].x, p[1].x, p[2].x}) >> 4) + 1, clip.x0, clip.x1);
  const int y0 = clipped(std::min({p[0].y, p[1].y, p[2].y}) >> 4, clip.y0, clip.y1);
  const int y1 = clipped((std::max({p[0].y, p[1].y, p[2].y}) >> 4) + 1, clip.y0, clip.y1);
  const std::int64_t biases[3] = {bias(p[1], p[2]), bias(p[2], p[0]), bias(p[0], p[1])};
  const auto total = static_cast<float>(area);
  for (int y = y0; y < y1; ++y) {
    for (int x = x0; x < x1; ++x) {
      const FixedPoint centre = {std::int64_t{x} * 16 + 8, std::int64_t{y} * 16 + 8};
      const std::int64_t w0 = side(p[1], p[2], centre);
      const std::int64_t w1 = side(p[2], p[0], centre);
      const std::int64_t w2 = side(p[0], p[1], centre);
      if (w0 + biases[0] < 0 || w1 + biases[1] < 0 || w2 + biases[2] < 0) continue;
      const float a = static_cast<float>(w0) / total;
      const float b = static_cast<float>(w1) / total;
      const float c = 1 - a - b;
      const ImU32 colour = mix(*v[0], *v[1], *v[2], a, b, c);
      const float tu = a * v[0]->uv.x + b * v[1]->uv.x + c * v[2]->uv.x;
      const float tv = a * v[0]->uv.y + b * v[1]->uv.y + c * v[2]->uv.y;
      std::uint32_t& pixel = row(y)[x];
      pixel = blend(pixel, colour, scaled(alpha_of(colour), texture_.sample(tu, tv)));
    }
  }
}

}  // namespace raddle::viewer
