// SPDX-License-Identifier: Apache-2.0
#include "viewer/raster/rasteriser.h"

#include <gtest/gtest.h>

#include <vector>

#include "viewer/raster/png.h"

namespace raddle::viewer {
namespace {

constexpr ImU32 kBlack = IM_COL32(0, 0, 0, 255);
constexpr ImU32 kWhiteInk = IM_COL32(255, 255, 255, 255);

ImDrawVert vertex(float x, float y, ImU32 colour, float u = 0.5F, float v = 0.5F) {
  ImDrawVert result;
  result.pos = {x, y};
  result.uv = {u, v};
  result.col = colour;
  return result;
}

// One draw list with one command, drawn onto a black picture.
class Scene {
 public:
  Scene(int width, int height) : width_(width), height_(height), list_(nullptr) {
    clip_ = {0, 0, static_cast<float>(width), static_cast<float>(height)};
  }
  void clip(float x0, float y0, float x1, float y1) { clip_ = {x0, y0, x1, y1}; }
  void texture(std::vector<std::uint8_t> alpha, int width, int height) {
    texture_ = AlphaTexture(alpha.data(), width, height);
  }
  void triangle(const ImDrawVert& a, const ImDrawVert& b, const ImDrawVert& c) {
    for (const ImDrawVert& v : {a, b, c}) {
      list_.IdxBuffer.push_back(static_cast<ImDrawIdx>(list_.VtxBuffer.Size));
      list_.VtxBuffer.push_back(v);
    }
  }
  void rectangle(float x0, float y0, float x1, float y1, ImU32 colour, float u1 = 0.5F,
                 float v1 = 0.5F) {
    const auto first = static_cast<ImDrawIdx>(list_.VtxBuffer.Size);
    const float u0 = u1 == 0.5F ? 0.5F : 0;
    const float v0 = v1 == 0.5F ? 0.5F : 0;
    list_.VtxBuffer.push_back(vertex(x0, y0, colour, u0, v0));
    list_.VtxBuffer.push_back(vertex(x1, y0, colour, u1, v0));
    list_.VtxBuffer.push_back(vertex(x1, y1, colour, u1, v1));
    list_.VtxBuffer.push_back(vertex(x0, y1, colour, u0, v1));
    for (const int i : {0, 1, 2, 0, 2, 3}) {
      list_.IdxBuffer.push_back(static_cast<ImDrawIdx>(first + i));
    }
  }
  Picture draw() {
    ImDrawCmd command;
    command.ClipRect = clip_;
    command.ElemCount = static_cast<unsigned>(list_.IdxBuffer.Size);
    list_.CmdBuffer.clear();
    list_.CmdBuffer.push_back(command);
    ImDrawList* lists[] = {&list_};
    ImDrawData data;
    data.Valid = true;
    data.CmdLists = lists;
    data.CmdListsCount = 1;
    data.DisplaySize = {static_cast<float>(width_), static_cast<float>(height_)};
    Rasteriser rasteriser(width_, height_, texture_);
    rasteriser.clear(kBlack);
    rasteriser.draw(data);
    return rasteriser.picture();
  }

 private:
  int width_, height_;
  ImVec4 clip_;
  AlphaTexture texture_;
  ImDrawList list_;
};

int count(const Picture& picture, ImU32 colour) {
  int n = 0;
  for (const std::uint32_t pixel : picture.pixels) n += pixel == colour ? 1 : 0;
  return n;
}

TEST(Rasteriser, a_rectangle_covers_exactly_its_whole_pixels) {
  Scene scene(10, 10);
  scene.rectangle(2, 3, 5, 7, kWhiteInk);
  const Picture picture = scene.draw();
  EXPECT_EQ(count(picture, kWhiteInk), 3 * 4);
  EXPECT_EQ(picture.at(2, 3), kWhiteInk);
  EXPECT_EQ(picture.at(4, 6), kWhiteInk);
  EXPECT_EQ(picture.at(5, 6), kBlack);
}

TEST(Rasteriser, an_edge_on_a_pixel_centre_belongs_to_the_right_and_lower_shape) {
  Scene scene(4, 1);
  scene.rectangle(0, 0, 1.5F, 1, kWhiteInk);
  EXPECT_EQ(count(scene.draw(), kWhiteInk), 1);  // the centre of pixel 1 lies on the right edge
  Scene other(4, 1);
  other.rectangle(1.5F, 0, 4, 1, kWhiteInk);
  EXPECT_EQ(count(other.draw(), kWhiteInk), 3);  // ... and on this one's left edge
}

TEST(Rasteriser, triangles_that_share_an_edge_leave_no_gap_and_do_not_overlap) {
  const ImU32 half = IM_COL32(255, 255, 255, 128);
  Scene scene(16, 16);
  // The diagonal runs through pixel centres.
  scene.triangle(vertex(0, 0, half), vertex(16, 0, half), vertex(16, 16, half));
  scene.triangle(vertex(0, 0, half), vertex(16, 16, half), vertex(0, 16, half));
  const Picture picture = scene.draw();
  const ImU32 once = IM_COL32(128, 128, 128, 255);
  EXPECT_EQ(count(picture, once), 16 * 16);
}

TEST(Rasteriser, a_triangle_is_drawn_whichever_way_round_it_goes) {
  Scene one(8, 8);
  one.triangle(vertex(0, 0, kWhiteInk), vertex(8, 0, kWhiteInk), vertex(0, 8, kWhiteInk));
  Scene other(8, 8);
  other.triangle(vertex(0, 0, kWhiteInk), vertex(0, 8, kWhiteInk), vertex(8, 0, kWhiteInk));
  EXPECT_EQ(one.draw().pixels, other.draw().pixels);
  EXPECT_GT(count(one.draw(), kWhiteInk), 20);
}

TEST(Rasteriser, nothing_is_drawn_outside_the_clip_rectangle) {
  Scene scene(10, 10);
  scene.clip(3, 4, 6, 8);
  scene.rectangle(0, 0, 10, 10, kWhiteInk);
  scene.triangle(vertex(-5, -5, kWhiteInk), vertex(30, -5, kWhiteInk), vertex(-5, 30, kWhiteInk));
  const Picture picture = scene.draw();
  EXPECT_EQ(count(picture, kWhiteInk), 3 * 4);
  EXPECT_EQ(picture.at(2, 4), kBlack);
  EXPECT_EQ(picture.at(6, 4), kBlack);
}

TEST(Rasteriser, a_clip_rectangle_beyond_the_picture_is_harmless) {
  Scene scene(4, 4);
  scene.clip(-100, -100, 100, 100);
  scene.rectangle(-50, -50, 50, 50, kWhiteInk);
  EXPECT_EQ(count(scene.draw(), kWhiteInk), 16);
}

TEST(Rasteriser, alpha_is_blended_over_what_is_below_and_rounded) {
  Scene scene(1, 1);
  scene.rectangle(0, 0, 1, 1, IM_COL32(200, 100, 0, 255));
  scene.rectangle(0, 0, 1, 1, IM_COL32(0, 100, 255, 64));
  // 200*191/255 = 149.8, 100, 255*64/255 = 64
  EXPECT_EQ(scene.draw().at(0, 0), IM_COL32(150, 100, 64, 255));
}

TEST(Rasteriser, full_transparency_changes_nothing) {
  Scene scene(2, 2);
  scene.rectangle(0, 0, 2, 2, IM_COL32(255, 255, 255, 0));
  EXPECT_EQ(count(scene.draw(), kBlack), 4);
}

TEST(Rasteriser, colours_are_interpolated_between_the_corners) {
  Scene scene(9, 1);
  const ImU32 red = IM_COL32(255, 0, 0, 255);
  scene.triangle(vertex(0, 0, kBlack), vertex(9, 0, red), vertex(0, 4, kBlack));
  const Picture picture = scene.draw();
  EXPECT_LT(picture.at(1, 0) & 255, picture.at(4, 0) & 255);
  EXPECT_LT(picture.at(4, 0) & 255, picture.at(6, 0) & 255);
}

TEST(AlphaTexture, between_two_texels_it_is_bilinear) {
  const std::uint8_t alpha[] = {0, 200};
  const AlphaTexture texture(alpha, 2, 1);
  EXPECT_EQ(texture.sample(0.25F, 0.5F), 0U);    // centre of the first
  EXPECT_EQ(texture.sample(0.75F, 0.5F), 200U);  // centre of the second
  EXPECT_EQ(texture.sample(0.5F, 0.5F), 100U);
  EXPECT_EQ(texture.sample(0.375F, 0.5F), 50U);
}

TEST(AlphaTexture, beyond_its_edge_the_last_texel_goes_on) {
  const std::uint8_t alpha[] = {10, 200};
  const AlphaTexture texture(alpha, 2, 1);
  EXPECT_EQ(texture.sample(-3, 0.5F), 10U);
  EXPECT_EQ(texture.sample(4, 7), 200U);
}

TEST(Rasteriser, a_textured_rectangle_takes_its_alpha_from_the_texture) {
  Scene scene(2, 2);
  scene.texture({0, 255, 255, 0}, 2, 2);
  scene.rectangle(0, 0, 2, 2, kWhiteInk, 1, 1);
  const Picture picture = scene.draw();
  EXPECT_EQ(picture.at(0, 0), kBlack);
  EXPECT_EQ(picture.at(1, 0), kWhiteInk);
  EXPECT_EQ(picture.at(0, 1), kWhiteInk);
  EXPECT_EQ(picture.at(1, 1), kBlack);
}

TEST(Png, a_picture_is_the_same_after_encoding_and_decoding) {
  Scene scene(7, 5);
  scene.rectangle(1, 1, 4, 3, IM_COL32(12, 34, 56, 255));
  const Picture picture = scene.draw();
  Picture back;
  ASSERT_TRUE(decode_png(encode_png(picture), back));
  EXPECT_EQ(back.width, 7);
  EXPECT_EQ(back.height, 5);
  EXPECT_EQ(back.pixels, picture.pixels);
}

TEST(Png, what_is_no_png_is_refused) {
  Picture picture;
  EXPECT_FALSE(decode_png({1, 2, 3}, picture));
}

TEST(Png, a_file_that_cannot_be_written_is_reported) {
  EXPECT_FALSE(write_png("/nonexistent/folder/x.png", Scene(1, 1).draw()));
}

}  // namespace
}  // namespace raddle::viewer
