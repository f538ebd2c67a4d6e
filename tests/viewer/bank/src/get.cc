// The bank of the viewer's tests; only the lines that findings name matter.














































void get(std::string url, SendChan<Response> resp) {
  Response r = fetch(url);

  // Blocks for ever once the caller has timed out.
  resp.send(r);
}



