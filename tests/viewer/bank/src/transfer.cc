// The bank of the viewer's tests; only the lines that findings name matter.


























void transfer(Account& x, Account& y, long amount) {

  // Two transfers in opposite directions lock in opposite orders.
  std::unique_lock first(x.mu);
  x.balance -= amount;
  raddle::yield();
  std::unique_lock second(y.mu);
  y.balance += amount;
}

