// SPDX-License-Identifier: Apache-2.0
// Draws the hand-written run into a picture: raddle_render_bank OUT.png FINDING [SIZE [FONT]]. For
// looking at the viewer without a trace.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "bank_run.h"
#include "viewer/app/session.h"
#include "viewer/raster/png.h"

int main(int argc, char** argv) {
  using namespace raddle::viewer;
  if (argc < 3) {
    std::fprintf(stderr, "usage: raddle_render_bank OUT.png FINDING [WxH [FONT]]\n");
    return 2;
  }
  std::vector<std::string> arguments = {RADDLE_BANK_DIR "/bank.raddle", "--at", argv[2], "--size",
                                        "1600x1000"};
  if (argc > 3) arguments[4] = argv[3];
  if (argc > 4) arguments.insert(arguments.end(), {"--font", argv[4]});
  const raddle::Result<Options> options = parse_options(arguments);
  if (!options.ok()) {
    std::fprintf(stderr, "%s\n", options.error().c_str());
    return 2;
  }
  const raddle::Analysis analysis = bank_run();
  Session session(analysis, options.value());
  Painter painter(session, options.value().width, options.value().height);
  for (int i = 0; i < 3; ++i) painter.paint();
  return write_png(argv[1], painter.paint()) ? 0 : 1;
}
