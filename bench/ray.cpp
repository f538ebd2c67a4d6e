// SPDX-License-Identifier: Apache-2.0
// Ray tracer: floating point, virtual calls, tiles handed out under a mutex. ray [PIXELS] [THREADS]
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

struct Vec {
  double x = 0, y = 0, z = 0;
  Vec operator+(Vec o) const { return {x + o.x, y + o.y, z + o.z}; }
  Vec operator-(Vec o) const { return {x - o.x, y - o.y, z - o.z}; }
  Vec operator*(double s) const { return {x * s, y * s, z * s}; }
  double dot(Vec o) const { return x * o.x + y * o.y + z * o.z; }
  Vec unit() const { return *this * (1 / std::sqrt(dot(*this))); }
};
struct Hit {
  double distance = 1e30;
  Vec point, normal;
};
struct Shape {
  virtual ~Shape() = default;
  virtual void meet(const Vec& from, const Vec& way, Hit& hit) const = 0;
};
class Sphere : public Shape {
 public:
  Sphere(Vec c, double r) : center_(c), radius_(r) {}
  void meet(const Vec& from, const Vec& way, Hit& hit) const override {
    const Vec to = center_ - from;
    const double b = to.dot(way), root = b * b - to.dot(to) + radius_ * radius_;
    if (root < 0) return;
    const double distance = b - std::sqrt(root);
    if (distance < 1e-4 || distance >= hit.distance) return;
    hit.distance = distance;
    hit.point = from + way * distance;
    hit.normal = (hit.point - center_).unit();
  }

 private:
  Vec center_;
  double radius_;
};
using Scene = std::vector<std::unique_ptr<Shape>>;

double shade(const Scene& scene, const Vec& from, const Vec& way, int depth) {
  Hit hit;
  for (const auto& shape : scene) shape->meet(from, way, hit);
  if (hit.distance == 1e30) return 0.7;
  const double light = std::fmax(0.1, hit.normal.dot(Vec{0.6, 0.6, -0.5}));
  if (depth == 0) return light;
  const Vec mirrored = way - hit.normal * (2 * way.dot(hit.normal));
  return 0.7 * light + 0.3 * shade(scene, hit.point, mirrored.unit(), depth - 1);
}

int main(int argc, char** argv) {
  const int pixels = argc > 1 ? std::atoi(argv[1]) : 320,
            threads = argc > 2 ? std::atoi(argv[2]) : 2;
  Scene scene;
  for (int i = 0; i < 24; ++i) {
    scene.push_back(std::make_unique<Sphere>(Vec{i % 6 - 2.5, i / 6 - 1.5, 4.0 + i % 3}, 0.4));
  }
  std::vector<double> image(static_cast<std::size_t>(pixels) * pixels);
  std::mutex mutex;  // of next_row
  int next_row = 0;
  const auto work = [&] {
    for (;;) {
      std::unique_lock lock(mutex);
      const int row = next_row++;
      lock.unlock();
      if (row >= pixels) return;
      for (int x = 0; x < pixels; ++x) {
        const Vec way{2.0 * x / pixels - 1, 2.0 * row / pixels - 1, 1};
        image[static_cast<std::size_t>(row) * pixels + x] = shade(scene, {0, 0, -3}, way.unit(), 3);
      }
    }
  };
  std::vector<std::thread> team;
  for (int i = 0; i < threads; ++i) team.emplace_back(work);
  for (std::thread& thread : team) thread.join();
  double sum = 0;
  for (double value : image) sum += value;
  std::printf("%.3f\n", sum);
}
