// What one thread changes through functions of libraries that are not instrumented, another one
// looks at. In each pair the order of the two decides nothing: it is a race whoever comes first.
// EXPECT: data-race
// EXPECT: data-race
// EXPECT: data-race
// EXPECT: data-race
// EXPECT: data-race
// EXPECT: data-race
// EXPECT-REPORT: data race on tree
// EXPECT-REPORT: data race on line
// EXPECT-REPORT: hint: a std::map that one task changes no other may use meanwhile
#include <cstdio>
#include <cstring>
#include <list>
#include <map>
#include <string>
#include <thread>

std::map<int, int> tree{{1, 1}, {5, 5}, {9, 9}};
std::list<int> line{1, 2};
char text[40] = "one";
char other[40] = "two";
std::string third = "a string that is too long to lie in the object itself";
char fourth[40] = "four";
volatile std::size_t sink;

template <typename One, typename Other>
void both(One one, Other other) {
  std::thread first(one);
  std::thread second(other);
  first.join();
  second.join();
}

int main() {
  both([] { tree[3] = 3; }, [] { sink = tree.count(9); });                       // <- data-race
  both([] { line.splice(line.begin(), line, --line.end()); },                    // <- data-race
       [] { sink = static_cast<std::size_t>(line.front()); });                   // <- data-race
  both([] { text[1] = 'x'; }, [] { std::puts(text); });                          // <- data-race
  both([] { std::strcpy(other, text); }, [] { sink = other[0] == 'q'; });        // <- data-race
  both([] { third[2] = 'x'; }, [] { sink = std::hash<std::string>()(third); });  // <- data-race
  both([] { fourth[0] = 'x'; },
       [] {
         char line_of_text[80];
         std::snprintf(line_of_text, sizeof line_of_text, "%d %s", 4, fourth);  // <- data-race
         sink = static_cast<std::size_t>(line_of_text[0]);
       });
}
