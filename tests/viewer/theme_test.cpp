// SPDX-License-Identifier: Apache-2.0
// Whether the palettes can be told apart: by everybody, by readers with each of three kinds of
// colour blindness (matrices of Machado, Oliveira and Fernandes 2009, severity 1), and in grey.
#include "viewer/panes/theme.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "viewer/layout/span_index.h"

namespace raddle::viewer {
namespace {

using Vector = std::array<double, 3>;
using Matrix = std::array<Vector, 3>;

struct Eye {
  const char* name;
  Matrix matrix;
};
constexpr std::array<Eye, 4> kEyes = {{{"usual", {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}},
                                       {"protan",
                                        {{{0.152286, 1.052583, -0.204868},
                                          {0.114503, 0.786281, 0.099216},
                                          {-0.003882, -0.048116, 1.051998}}}},
                                       {"deutan",
                                        {{{0.367322, 0.860646, -0.227968},
                                          {0.280085, 0.672501, 0.047413},
                                          {-0.011820, 0.042940, 0.968881}}}},
                                       {"tritan",
                                        {{{1.255528, -0.076749, -0.178779},
                                          {-0.078411, 0.930809, 0.147602},
                                          {0.004733, 0.691367, 0.303900}}}}}};
constexpr double kPi = 3.14159265358979;

Vector linear(ImU32 colour) {
  const ImVec4 c = ImGui::ColorConvertU32ToFloat4(colour);
  const auto one = [](double v) {
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  return {one(static_cast<double>(c.x)), one(static_cast<double>(c.y)),
          one(static_cast<double>(c.z))};
}

double luminance(ImU32 colour) {
  const Vector c = linear(colour);
  return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
}

// The ratio of WCAG 2.
double contrast(ImU32 a, ImU32 b) {
  const auto [low, high] = std::minmax(luminance(a), luminance(b));
  return (high + 0.05) / (low + 0.05);
}

double lab_share(double t) {
  return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

Vector lab_of(ImU32 colour, const Eye& eye) {
  const Vector in = linear(colour);
  Vector c{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t k = 0; k < 3; ++k) c[i] += eye.matrix[i][k] * in[k];
    c[i] = std::clamp(c[i], 0.0, 1.0);
  }
  const double x = lab_share((0.4124564 * c[0] + 0.3575761 * c[1] + 0.1804375 * c[2]) / 0.95047);
  const double y = lab_share(0.2126729 * c[0] + 0.7151522 * c[1] + 0.0721750 * c[2]);
  const double z = lab_share((0.0193339 * c[0] + 0.1191920 * c[1] + 0.9503041 * c[2]) / 1.08883);
  return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

double degrees(double b, double a) {
  const double angle = std::atan2(b, a) * 180 / kPi;
  return angle < 0 ? angle + 360 : angle;
}

double cosine(double angle) { return std::cos(angle * kPi / 180); }

// CIEDE2000 (Sharma, Wu and Dalal 2005). NOLINTNEXTLINE(readability-function-size): one formula
double difference(const Vector& p, const Vector& q) {
  const double mean_c = (std::hypot(p[1], p[2]) + std::hypot(q[1], q[2])) / 2;
  const double g = 0.5 * (1 - std::sqrt(std::pow(mean_c, 7) / (std::pow(mean_c, 7) + 6103515625)));
  const double a1 = p[1] * (1 + g);
  const double a2 = q[1] * (1 + g);
  const double c1 = std::hypot(a1, p[2]);
  const double c2 = std::hypot(a2, q[2]);
  const double h1 = degrees(p[2], a1);
  const double h2 = degrees(q[2], a2);
  double dh = c1 * c2 == 0 ? 0 : h2 - h1;
  if (dh > 180) dh -= 360;
  if (dh < -180) dh += 360;
  const double d_hue = 2 * std::sqrt(c1 * c2) * std::sin(dh / 2 * kPi / 180);
  double h = h1 + h2;
  if (c1 * c2 != 0) {
    const double turn = std::abs(h1 - h2) <= 180 ? 0 : (h < 360 ? 360 : -360);
    h = (h + turn) / 2;
  }
  const double l = (p[0] + q[0]) / 2;
  const double c = (c1 + c2) / 2;
  const double t = 1 - 0.17 * cosine(h - 30) + 0.24 * cosine(2 * h) + 0.32 * cosine(3 * h + 6) -
                   0.2 * cosine(4 * h - 63);
  const double turn = 30 * std::exp(-std::pow((h - 275) / 25, 2));
  const double rc = 2 * std::sqrt(std::pow(c, 7) / (std::pow(c, 7) + 6103515625));
  const double sl = 1 + 0.015 * std::pow(l - 50, 2) / std::sqrt(20 + std::pow(l - 50, 2));
  const double sc = 1 + 0.045 * c;
  const double sh = 1 + 0.015 * c * t;
  const double dl = (q[0] - p[0]) / sl;
  const double dc = (c2 - c1) / sc;
  const double hue = d_hue / sh;
  return std::sqrt(dl * dl + dc * dc + hue * hue - std::sin(2 * turn * kPi / 180) * rc * dc * hue);
}

class ThemeTest : public ::testing::TestWithParam<ThemeName> {
 protected:
  ThemeTest() { set_theme(GetParam()); }
  ~ThemeTest() override { set_theme(ThemeName::kDark); }

  // Calls `check(a, b, names)` for each pair of states.
  template <typename Check>
  void for_each_pair(Check check) {
    for (std::size_t i = 0; i < kStateCount; ++i) {
      for (std::size_t k = i + 1; k < kStateCount; ++k) {
        check(style_of(static_cast<State>(i)), style_of(static_cast<State>(k)),
              std::to_string(i) + " and " + std::to_string(k));
      }
    }
  }
};

TEST(Difference, it_gives_the_published_values) {
  EXPECT_NEAR(difference({50, 2.6772, -79.7751}, {50, 0, -82.7485}), 2.0425, 1e-4);
  EXPECT_NEAR(difference({50, 2.5, 0}, {73, 25, -18}), 27.1492, 1e-4);
  EXPECT_NEAR(difference({2.0776, 0.0795, -1.1350}, {0.9033, -0.0636, -0.5514}), 0.9082, 1e-4);
}

TEST_P(ThemeTest, states_differ_in_colour_for_every_eye) {
  for (const Eye& eye : kEyes) {
    for_each_pair([&](const StateStyle& a, const StateStyle& b, const std::string& names) {
      EXPECT_GT(difference(lab_of(a.colour, eye), lab_of(b.colour, eye)), 11) << eye.name << names;
    });
  }
}

TEST_P(ThemeTest, states_that_are_alike_in_grey_differ_in_shape) {
  for_each_pair([&](const StateStyle& a, const StateStyle& b, const std::string& names) {
    const double lightness_a = lab_of(a.colour, kEyes[0])[0];
    const double lightness_b = lab_of(b.colour, kEyes[0])[0];
    const bool is_other_shape = a.pattern != b.pattern || a.height != b.height;
    EXPECT_TRUE(std::abs(lightness_a - lightness_b) > 15 || is_other_shape) << names;
  });
}

TEST_P(ThemeTest, text_is_readable_on_every_surface) {
  const Theme& t = theme();
  for (const ImU32 surface : {t.background, t.panel, t.raised, t.selected, t.row}) {
    EXPECT_GT(contrast(t.text, surface), 7);
    EXPECT_GT(contrast(t.dim, surface), 4.5);
  }
  for (const ImU32 colour : {t.red, t.magenta, t.amber, t.grey}) {
    EXPECT_GT(contrast(colour, t.raised), 4.5);
    EXPECT_GT(contrast(t.casing, colour), 4.5);  // the ink of labels
  }
  for (std::size_t i = 0; i < kStateCount; ++i) {
    const StateStyle style = style_of(static_cast<State>(i));
    if (style.height == 1) EXPECT_GT(contrast(style.ink, style.colour), 4) << i;
  }
}

TEST_P(ThemeTest, marks_stand_out_from_their_casing_without_colour) {
  EXPECT_GT(contrast(theme().bright, theme().casing), 12);
}

INSTANTIATE_TEST_SUITE_P(Both, ThemeTest, ::testing::Values(ThemeName::kDark, ThemeName::kLight));

}  // namespace
}  // namespace raddle::viewer
