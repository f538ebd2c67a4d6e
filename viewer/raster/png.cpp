// SPDX-License-Identifier: Apache-2.0
#include "viewer/raster/png.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

// clang-format off
#if defined(__clang__) || defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#pragma GCC diagnostic ignored "-Wshadow"
#endif
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include "stb_image_write.h"
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#include "stb_image.h"
#if defined(__clang__) || defined(__GNUC__)
#pragma GCC diagnostic pop
#endif
// clang-format on

namespace raddle::viewer {

std::vector<std::uint8_t> encode_png(const Picture& picture) {
  std::vector<std::uint8_t> bytes;
  const auto append = [](void* context, void* data, int size) {
    auto* out = static_cast<std::vector<std::uint8_t>*>(context);
    const auto* begin = static_cast<const std::uint8_t*>(data);
    out->insert(out->end(), begin, begin + size);
  };
  std::vector<std::uint8_t> rgb;  // nothing is transparent: alpha would only cost
  rgb.reserve(picture.pixels.size() * 3);
  for (const std::uint32_t pixel : picture.pixels) {
    for (const int shift : {0, 8, 16}) rgb.push_back(static_cast<std::uint8_t>(pixel >> shift));
  }
  stbi_write_png_compression_level = 64;  // how far it looks for repetitions
  stbi_write_png_to_func(append, &bytes, picture.width, picture.height, 3, rgb.data(),
                         picture.width * 3);
  return bytes;
}

bool decode_png(const std::vector<std::uint8_t>& bytes, Picture& picture) {
  int channels = 0;
  stbi_uc* data = stbi_load_from_memory(bytes.data(), static_cast<int>(bytes.size()),
                                        &picture.width, &picture.height, &channels, 4);
  if (data == nullptr) return false;
  picture.pixels.resize(static_cast<std::size_t>(picture.width) *
                        static_cast<std::size_t>(picture.height));
  std::memcpy(picture.pixels.data(), data, picture.pixels.size() * 4);
  stbi_image_free(data);
  return true;
}

bool write_png(const std::string& path, const Picture& picture) {
  const std::vector<std::uint8_t> bytes = encode_png(picture);
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return false;
  const bool is_written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  return (std::fclose(file) == 0) && is_written;
}

}  // namespace raddle::viewer
