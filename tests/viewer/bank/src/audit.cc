// The bank of the viewer's tests; only the lines that findings name matter.







long snapshot() {
  long sum = 0;
  // No lock here: the writer holds one.
  sum += total_;
  return sum;
}


















