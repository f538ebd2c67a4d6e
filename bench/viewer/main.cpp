// SPDX-License-Identifier: Apache-2.0
// What the viewer costs on a large run: bench_viewer [SPANS [LANES [alike]]] (100 M over 1 000;
// alike: all folded into one row), or bench_viewer --file TRACE, which reads and checks one. Draws
// 1600x1000 in memory, without a window; prints the medians and the worst of the frames at each
// zoom, in milliseconds of CPU time of the frame's own thread.
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "bench/viewer/large_run.h"
#include "imgui.h"
#include "viewer/app/loading.h"
#include "viewer/app/session.h"

namespace raddle::bench {
namespace {

constexpr int kFrames = 15;

double wall_ms() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double, std::milli>(Clock::now().time_since_epoch()).count();
}

double thread_ms() {
  timespec t = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}

double process_ms() {
  timespec t = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}

double memory_mb() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// Without the file, which is mapped.
double own_memory_mb() {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.starts_with("RssAnon:")) return std::strtod(line.c_str() + 8, nullptr) / 1024;
  }
  return 0;
}

struct Cost {
  double median = 0, worst = 0;
};

Cost cost_of(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return {times[times.size() / 2], times.back()};
}

// A frame as the window makes it (without the rasteriser, which is not its), at a place never shown
// before, so that nothing is known yet.
void measure_frames(viewer::Session& session, double duration_ns) {
  std::printf("%12s %14s %14s %12s\n", "window", "frame median", "frame worst", "merged");
  for (double share = 1; share > 1e-7; share /= 10) {
    std::vector<double> times;
    for (int i = 0; i < kFrames; ++i) {
      const double width = duration_ns * share;
      const double begin = (duration_ns - width) * (0.1 + 0.05 * i);
      session.selection().axis.frame(begin, begin + width * (1 - 1e-3 * i));
      ImGui::GetIO().DeltaTime = 1.0F / 60;
      const double start = thread_ms();
      session.frame();
      times.push_back(thread_ms() - start);
    }
    const Cost cost = cost_of(times);
    std::printf("%10.3g s %11.2f ms %11.2f ms %12zu\n", duration_ns * share / 1e9, cost.median,
                cost.worst, session.selection().merged_spans);
  }
}

void run(std::size_t span_count, std::size_t lane_count, bool are_alike) {
  double start = wall_ms();
  const Analysis analysis = large_run(span_count, lane_count, are_alike);
  const double made_mb = memory_mb();
  std::printf("%zu spans over %zu lanes, %.1f s long; made in %.0f ms (not the viewer's)\n",
              span_count, lane_count, static_cast<double>(analysis.run.duration_ns) / 1e9,
              wall_ms() - start);
  start = wall_ms();
  viewer::Options options;
  options.trace = "large.raddle";
  options.font = "builtin";
  viewer::Session session(analysis, options);
  viewer::Painter painter(session, options.width, options.height);
  painter.paint();
  std::printf("first picture %.0f ms\n", wall_ms() - start);
  session.wait_until_ready();
  painter.paint();
  std::printf("ready %.0f ms\n", wall_ms() - start);
  measure_frames(session, static_cast<double>(analysis.run.duration_ns));
  const double bytes = (memory_mb()) * 1024 * 1024 / static_cast<double>(span_count);
  std::printf("memory %.0f MB, %.0f MB of it the run's; %.1f bytes a span in all\n", memory_mb(),
              made_mb, bytes);
}

// When what of a file was there, in milliseconds.
struct Arrivals {
  double picture = 0, strip = -1, findings = -1, lanes = 0, ready = 0;
};

// Draws frames, as the window does, until the trace is read. Painting counts as the frames' own.
std::vector<double> follow(viewer::Loading& loading, viewer::Session& session,
                           viewer::Painter& painter, double start, Arrivals& arrivals) {
  std::vector<double> frames;
  while (!loading.is_done()) {
    viewer::Side& side = session.side(0);
    viewer::Options options = session.options_for(side.selection().trace_name);
    if (auto early = loading.take_early()) {
      side.show_early(std::move(*early), options);
      arrivals.findings = wall_ms() - start;
    }
    viewer::Progress progress = loading.progress();
    if (arrivals.strip < 0 && !progress.columns.empty()) arrivals.strip = wall_ms() - start;
    side.show_progress(std::move(progress));
    const double begin = thread_ms();
    painter.paint();
    frames.push_back(thread_ms() - begin);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return frames;
}

void print_arrivals(const Arrivals& arrivals, double worst_frame) {
  std::printf("first picture %.0f ms (progress)\n", arrivals.picture);
  if (arrivals.strip >= 0) std::printf("first of the strip %.0f ms\n", arrivals.strip);
  if (arrivals.findings >= 0) {
    std::printf("findings, and the lanes near the first %.0f ms\n", arrivals.findings);
  }
  std::printf("all lanes %.0f ms, ready %.0f ms; %.0f ms of CPU time in all\n", arrivals.lanes,
              arrivals.ready, process_ms());
  std::printf("frames until then, drawn into memory, up to %.1f ms\n", worst_frame);
}

int run_file(const char* trace) {
  const double start = wall_ms();
  Arrivals arrivals;
  viewer::Options options;
  options.trace = trace;
  options.font = "builtin";
  viewer::Session session(options);
  viewer::Loading loading(trace);
  viewer::Painter painter(session, options.width, options.height);
  painter.paint();
  arrivals.picture = wall_ms() - start;
  std::vector<double> frames = follow(loading, session, painter, start, arrivals);
  Result<Analysis> analysis = loading.take();
  if (!analysis.ok()) {
    std::fprintf(stderr, "bench_viewer: %s\n", analysis.error().c_str());
    return 2;
  }
  std::size_t spans = 0;
  for (const Task& task : analysis.value().run.tasks) spans += task.spans.size();
  const double begin = thread_ms();
  session.replace(std::move(analysis.value()));
  painter.paint();
  frames.push_back(thread_ms() - begin);
  arrivals.lanes = wall_ms() - start;
  session.wait_until_ready();
  painter.paint();
  arrivals.ready = wall_ms() - start;
  std::printf("%zu spans, %zu tasks\n", spans, session.analysis().run.tasks.size() - 1);
  print_arrivals(arrivals, *std::max_element(frames.begin(), frames.end()));
  measure_frames(session, static_cast<double>(session.analysis().run.duration_ns));
  std::printf("memory %.0f MB, %.1f bytes a span, without the mapped file\n", own_memory_mb(),
              own_memory_mb() * 1024 * 1024 / static_cast<double>(std::max<std::size_t>(spans, 1)));
  return 0;
}

}  // namespace
}  // namespace raddle::bench

int main(int argc, char** argv) {
  if (argc == 3 && std::string_view(argv[1]) == "--file") return raddle::bench::run_file(argv[2]);
  const std::size_t spans = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000'000;
  const std::size_t lanes = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000;
  if (spans == 0 || lanes == 0 || lanes > spans) {
    std::fprintf(stderr, "usage: bench_viewer [SPANS [LANES [alike]]], or --file TRACE\n");
    return 2;
  }
  raddle::bench::run(spans, lanes, argc > 3 && std::string_view(argv[3]) == "alike");
  return 0;
}
