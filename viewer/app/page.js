// SPDX-License-Identifier: Apache-2.0
// Between a page and the viewer in it (page.cpp): the canvas #viewer shows the run that #run holds. Input is taken one event a
// frame, because the viewer looks at the state of keys and buttons, not at their changes. Draws only after input.
var Module = {};
Module.onRuntimeInitialized = async () => {
  const root = document.documentElement;
  const canvas = document.getElementById('viewer');
  const context = canvas.getContext('2d');
  const ratio = Math.min(2.5, Math.max(1, window.devicePixelRatio || 1));
  const text = (pointer) => Module.UTF8ToString(pointer);
  const withBytes = (bytes, use) => {
    const place = Module._malloc(bytes.length + 1);
    Module.HEAPU8.set(bytes, place);
    Module.HEAPU8[place + bytes.length] = 0;
    const result = use(place, bytes.length);
    Module._free(place);
    return result;
  };
  const show = (link) => withBytes(new TextEncoder().encode(link), (place) => Module._page_show(place));
  const isLink = (hash) => /^#(f|t|task|pin|filter|table)=/.test(hash);

  let width = 0, height = 0;
  const measure = () => {
    width = Math.max(800, Math.round(canvas.clientWidth * ratio));
    height = Math.max(500, Math.round(canvas.clientHeight * ratio));
    canvas.width = width;
    canvas.height = height;
  };

  let due = 0;         // frames to draw though nothing happens: the viewer needs some to settle
  let isAsked = false;  // a frame is on its way
  const events = [];
  const paint = () => {
    const pixels = Module._page_paint();
    context.putImageData(new ImageData(new Uint8ClampedArray(Module.HEAPU8.buffer, pixels, width * height * 4), width, height), 0, 0);
  };
  const frame = () => {
    isAsked = false;
    if (events.length > 0) {
      events.shift().run();
      due = 3;
    }
    paint();
    if (--due > 0 || events.length > 0) return ask();
    const link = text(Module._page_link());
    if (isLink(link) && link !== location.hash) history.replaceState(null, '', link);
    root.dataset.viewer = 'ready';
  };
  const ask = () => {
    if (isAsked) return;
    isAsked = true;
    root.dataset.viewer = 'busy';
    requestAnimationFrame(frame);
  };
  const happens = (run, kind) => {
    const last = events[events.length - 1];
    if (kind === 'move' && last && last.kind === 'move') events.pop();
    events.push({run, kind});
    ask();
  };

  let isDown = 0;
  const mouse = (event, wheel, kind) => {
    const box = canvas.getBoundingClientRect();
    const x = (event.clientX - box.left) * width / box.width, y = (event.clientY - box.top) * height / box.height;
    const down = isDown;
    happens(() => Module._page_mouse(x, y, down, wheel, event.ctrlKey ? 1 : 0, event.shiftKey ? 1 : 0), kind);
    // A wheel turns once.
    if (wheel !== 0) happens(() => Module._page_mouse(x, y, down, 0, 0, 0));
  };
  canvas.addEventListener('pointerdown', (event) => {
    canvas.focus({preventScroll: true});
    canvas.setPointerCapture(event.pointerId);
    mouse(event, 0, 'move');
    isDown = 1;
    mouse(event, 0);
  });
  canvas.addEventListener('pointerup', (event) => { isDown = 0; mouse(event, 0); });
  canvas.addEventListener('pointermove', (event) => mouse(event, 0, 'move'));
  canvas.addEventListener('pointerleave', () => { if (!isDown) happens(() => Module._page_mouse(-1, -1, 0, 0, 0, 0)); });
  // Until it has been clicked, the wheel scrolls the page.
  canvas.addEventListener('wheel', (event) => {
    if (document.activeElement !== canvas && !event.ctrlKey) return;
    event.preventDefault();
    mouse(event, -Math.sign(event.deltaY || event.deltaX));
  }, {passive: false});

  const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Enter', 'Escape', 'Backspace'];  // as page.cpp numbers them
  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const number = keys.indexOf(event.key);
    if (number >= 0) {
      happens(() => Module._page_key(number, 1));
      happens(() => Module._page_key(number, 0));
    } else if (event.key.length === 1) {
      const letter = event.key.codePointAt(0);
      happens(() => Module._page_letter(letter));
    } else {
      return;  // Tab leaves the canvas
    }
    event.preventDefault();
  });

  addEventListener('hashchange', () => {
    if (!isLink(location.hash)) return;
    const link = location.hash;
    happens(() => show(link));
    canvas.scrollIntoView({block: 'nearest'});
  });
  addEventListener('resize', () => happens(() => { measure(); Module._page_resize(width, height); }));

  measure();
  const small = Uint8Array.from(atob(document.getElementById('run').textContent.trim()), (c) => c.charCodeAt(0));
  const fail = (problem) => {
    root.dataset.viewer = 'failed';
    document.getElementById('viewer-note').textContent = problem;
  };
  let packed;
  try {
    const stream = new Blob([small]).stream().pipeThrough(new DecompressionStream('deflate'));
    packed = new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (error) {
    return fail(`The timeline needs a browser from 2023 or later, and the whole page: ${error.message}`);
  }
  const isLight = matchMedia('(prefers-color-scheme: light)').matches ? 1 : 0;
  const problem = withBytes(packed, (place, size) => text(Module._page_open(place, size, width, height, isLight, ratio)));
  if (problem) return fail(problem);
  Module.copy = (text) => navigator.clipboard && navigator.clipboard.writeText(text).catch(() => {});
  Module.records = () => JSON.parse(text(Module._page_records()));  // for tests, and readers of screens
  if (isLink(location.hash)) show(decodeURI(location.hash));
  due = 4;
  ask();
};
