// The bank of the viewer's tests; only the lines that findings name matter.




































void emit(int value) {

  // Nobody told this stage that the pipeline stops.
  out.send(value);
}





















void stop() {
  running = false;
  out.close();
}
