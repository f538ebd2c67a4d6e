// SPDX-License-Identifier: Apache-2.0
#include "viewer/app/window.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include "imgui.h"
#include "imgui_impl_glfw.h"
#include "imgui_impl_opengl3.h"

namespace raddle::viewer {
namespace {

constexpr double kIdleSeconds = 0.25;
constexpr int kFramesAfterInput = 3;  // ImGui needs some to settle
constexpr unsigned kColorBufferBit = 0x4000;
constexpr unsigned kRgba = 0x1908;
constexpr unsigned kUnsignedByte = 0x1401;

std::string g_glfw_problem = "unknown";

// The few OpenGL calls that ImGui's backend does not make for us.
struct Gl {
  void (*viewport)(int, int, int, int) = nullptr;
  void (*clear_color)(float, float, float, float) = nullptr;
  void (*clear)(unsigned) = nullptr;
  void (*read_pixels)(int, int, int, int, unsigned, unsigned, void*) = nullptr;

  bool load() {
    viewport = reinterpret_cast<decltype(viewport)>(glfwGetProcAddress("glViewport"));
    clear_color = reinterpret_cast<decltype(clear_color)>(glfwGetProcAddress("glClearColor"));
    clear = reinterpret_cast<decltype(clear)>(glfwGetProcAddress("glClear"));
    read_pixels = reinterpret_cast<decltype(read_pixels)>(glfwGetProcAddress("glReadPixels"));
    return viewport != nullptr && clear_color != nullptr && clear != nullptr &&
           read_pixels != nullptr;
  }
};

class Window {
 public:
  explicit Window(const Options& options) {
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 0);
    const std::string title = "raddle - " + options.trace;
    window_ = glfwCreateWindow(options.width, options.height, title.c_str(), nullptr, nullptr);
    if (window_ == nullptr) return;
    glfwSetWindowUserPointer(window_, &dropped_);
    glfwSetDropCallback(window_, [](GLFWwindow* window, int count, const char** paths) {
      auto& dropped = *static_cast<std::vector<std::string>*>(glfwGetWindowUserPointer(window));
      dropped.insert(dropped.end(), paths, paths + count);
    });
    glfwSetWindowSizeLimits(window_, kMinWidth, kMinHeight, GLFW_DONT_CARE, GLFW_DONT_CARE);
    glfwMakeContextCurrent(window_);
    glfwSwapInterval(1);
    is_ready_ = gl_.load() && ImGui_ImplGlfw_InitForOpenGL(window_, true) &&
                ImGui_ImplOpenGL3_Init("#version 130");
  }
  ~Window() {
    if (is_ready_) {
      ImGui_ImplOpenGL3_Shutdown();
      ImGui_ImplGlfw_Shutdown();
    }
    if (window_ != nullptr) glfwDestroyWindow(window_);
  }
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  bool is_ready() const { return is_ready_; }
  bool is_closed() const { return glfwWindowShouldClose(window_) != 0; }

  void draw(Session& session, Picture* last_frame) {
    using Clock = std::chrono::steady_clock;
    if (session.refresh_fonts()) renew_font_texture();
    if (!dropped_.empty()) session.drop(std::exchange(dropped_, {}));
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    const auto begin = Clock::now();
    session.frame();
    int width = 0;
    int height = 0;
    glfwGetFramebufferSize(window_, &width, &height);
    gl_.viewport(0, 0, width, height);
    const ImVec4 back = ImGui::ColorConvertU32ToFloat4(theme().background);
    gl_.clear_color(back.x, back.y, back.z, 1);
    gl_.clear(kColorBufferBit);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    session.selection().frame_time_ms =
        std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
    if (last_frame != nullptr) read(width, height, *last_frame);
    glfwSwapBuffers(window_);
  }

 private:
  static void renew_font_texture() {
#if IMGUI_VERSION_NUM < 19200  // from then on the backend sees it by itself
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
#endif
  }

  // OpenGL's rows go from the bottom up.
  void read(int width, int height, Picture& picture) const {
    picture.width = width;
    picture.height = height;
    picture.pixels.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    for (int y = 0; y < height; ++y) {
      const auto row = static_cast<std::size_t>(height - 1 - y) * static_cast<std::size_t>(width);
      gl_.read_pixels(0, y, width, 1, kRgba, kUnsignedByte, &picture.pixels[row]);
    }
  }

  GLFWwindow* window_ = nullptr;
  std::vector<std::string> dropped_;  // files, since the frame before
  Gl gl_;
  bool is_ready_ = false;
};

// Draws only after input, so that an idle window costs nothing.
void run(Window& window, Session& session, int frames, const std::function<bool()>& before_frame,
         Picture* last_frame) {
  int due = kFramesAfterInput;
  for (int drawn = 0; !window.is_closed() && (frames == 0 || drawn < frames); ++drawn) {
    if (before_frame && !before_frame()) return;
    if (frames != 0 || due > 0 || ImGui::IsAnyMouseDown()) {
      glfwPollEvents();
      --due;
    } else {
      glfwWaitEventsTimeout(kIdleSeconds);
      due = kFramesAfterInput;
    }
    const bool is_last = frames != 0 && drawn + 1 == frames;
    window.draw(session, is_last ? last_frame : nullptr);
  }
}

}  // namespace

std::optional<Error> show_window(Session& session, const Options& options,
                                 const std::function<bool()>& before_frame, Picture* last_frame) {
  glfwSetErrorCallback([](int, const char* text) { g_glfw_problem = text; });
  const std::string advice =
      "; to draw into a picture instead: raddle view --screenshot FILE.png " + options.trace;
  if (glfwInit() == GLFW_FALSE) return Error{"cannot open a window: " + g_glfw_problem + advice};
  std::optional<Error> error;
  {
    Window window(options);
    if (window.is_ready()) {
      run(window, session, options.frames, before_frame, last_frame);
    } else {
      error = Error{"cannot open a window with OpenGL 3: " + g_glfw_problem + advice};
    }
  }
  glfwTerminate();
  return error;
}

}  // namespace raddle::viewer
