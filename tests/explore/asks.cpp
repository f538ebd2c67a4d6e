// SPDX-License-Identifier: Apache-2.0
// Asks the library's own thread, which a mere fork of the program would not have.
extern "C" int ask(int question);

int main() { return ask(41) == 42 ? 0 : 1; }
