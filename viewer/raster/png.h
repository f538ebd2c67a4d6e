// SPDX-License-Identifier: Apache-2.0
// PNG files of pictures.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "viewer/raster/rasteriser.h"

namespace raddle::viewer {

// The file's bytes; equal pictures give equal bytes.
std::vector<std::uint8_t> encode_png(const Picture& picture);
// False if the bytes are no PNG.
bool decode_png(const std::vector<std::uint8_t>& bytes, Picture& picture);
// False, with errno set, if the file cannot be written.
bool write_png(const std::string& path, const Picture& picture);

}  // namespace raddle::viewer
